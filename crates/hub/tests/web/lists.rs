//! The page of files: read one in, propose it, agree to it; and that nothing on it tells what is barred.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};

use crate::support::{Answer, Browser, Site};

const BOUNDARY: &str = "a-boundary";

fn upload(file: &str, format: &str) -> Request<Body> {
    let body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n{file}\r\n\
         --{BOUNDARY}\r\ncontent-disposition: form-data; name=\"format\"\r\n\r\n{format}\r\n--{BOUNDARY}--\r\n"
    );
    Request::post("/prison/lists")
        .header(header::HOST, "localhost")
        .header("sec-fetch-site", "same-origin")
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(Body::from(body))
        .unwrap()
}

/// Reads the page until it says so: the file is read in the background.
async fn until(browser: &Browser<'_>, words: &str) -> Answer {
    let reads = async {
        loop {
            let page = browser.get("/prison/lists").await;
            if page.text.contains(words) {
                return page;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reads)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_file_is_read_in_and_two_people_of_the_prison_take_it_over() {
    let site = Site::start().await;
    site.police_request("07700 900123", "").await;
    let (clerk, security) = (
        site.browser("Cai Clerk").await,
        site.browser("Sam Security").await,
    );
    let file = "prison_number,name,number,kind\nA1234BC,Ann,07700 900123,social\n\
        A1234BC,Bo,07700 900456,social\nA12,Cy,07700 900456,social\n";
    assert_eq!(
        clerk.send(upload(file, "csv")).await.leads_to(),
        "/prison/lists?done=uploaded"
    );
    let page = until(&clerk, "Nothing is on a list yet").await;
    assert!(
        page.text.contains("The prison number is not one"),
        "{}",
        page.text
    );
    let path = page.after("action=\"/prison/lists/").to_owned();
    let silent = clerk
        .post(&format!("/prison/lists/{path}"), &[("reason", "")])
        .await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let proposed = clerk
        .post(&format!("/prison/lists/{path}"), &[("reason", "Ours")])
        .await;
    assert_eq!(proposed.leads_to(), "/prison/lists?done=proposed");
    let prison = security.get("/prison").await.text;
    assert!(prison.contains("1 file waits for approval") && prison.contains("No numbers wait"));
    let page = security.get("/prison/lists").await;
    let approve = page.after("action=\"/prison/lists/").to_owned();
    let alone = clerk.post(&format!("/prison/lists/{approve}"), &[]).await;
    assert_eq!(alone.status, StatusCode::FORBIDDEN);
    let approved = security.post(&format!("/prison/lists/{approve}"), &[]).await;
    assert_eq!(approved.leads_to(), "/prison/lists?done=approved");
    hub::lists::finish(&site.hub.store).await.unwrap();
    let page = until(&clerk, "Done").await;
    assert!(!page.text.to_lowercase().contains("barred"), "{}", page.text);
    let list = [("holder", "A1234BC")];
    let list = clerk.post("/prison/numbers/list", &list).await.text;
    assert!(list.contains("07700 900123") && list.contains("07700 900456"));
    assert!(!list.contains("Taken off"), "both look alike: {list}");
}

#[tokio::test]
async fn what_is_wrong_with_an_upload_is_told_beside_its_field() {
    let site = Site::start().await;
    let clerk = site.browser("Cai Clerk").await;
    let table = "prison_number,name,number,kind\n";
    for (file, format, words) in [
        ("", "csv", "Choose a file"),
        (table, "scroll", "Say how the file is written"),
        ("name\nAnn\n", "csv", "must name the columns"),
    ] {
        let answer = clerk.send(upload(file, format)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text.contains(words), "{words}");
    }
}

#[tokio::test]
async fn a_file_is_taken_at_the_limit_of_a_page_and_not_past_it() {
    let site = Site::start().await;
    let clerk = site.browser("Cai Clerk").await;
    let past = "x".repeat(hub::web::UPLOAD_BYTES);
    let answer = clerk.send(upload(&past, "csv")).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let within = "x".repeat(hub::web::UPLOAD_BYTES - 1_000);
    let answer = clerk.send(upload(&within, "csv")).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "read, and no table"
    );
}
