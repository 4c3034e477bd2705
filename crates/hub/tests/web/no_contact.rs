//! The page of no-contact lists: a case handler brings one in, reads what is wanting, and sees on the case where it
//! comes from; no page of a prison tells of it.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use hub::intake::Intake;
use hub::lists::TakeOver;

use crate::support::{Answer, Browser, Site};

const BOUNDARY: &str = "a-boundary";
const GIVEN: [(&str, &str); 5] = [
    ("prison", "LEI"),
    ("kept-by", "Public protection, HMP Leeds"),
    ("as-of-day", "1"),
    ("as-of-month", "11"),
    ("as-of-year", "2025"),
];

fn upload(file: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let field = |(name, value): &(&str, &str)| {
        format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields: String = fields.iter().map(field).collect();
    let body = format!(
        "{fields}--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n{file}\r\n\
         --{BOUNDARY}--\r\n"
    );
    Request::post("/no-contact")
        .header(header::HOST, "localhost")
        .header("sec-fetch-site", "same-origin")
        .header(
            header::CONTENT_TYPE,
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(Body::from(body))
        .unwrap()
}

/// Takes over what is staged and reads the page, until it says so: the file is read in the background.
async fn until(site: &Site, browser: &Browser<'_>, words: &str) -> Answer {
    let reads = async {
        loop {
            let take_over = TakeOver {
                store: &site.hub.store,
                intake: Intake::of(&site.hub),
            };
            take_over.finish().await.unwrap();
            let page = browser.get("/no-contact").await;
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
async fn a_handler_brings_a_list_in_and_the_page_tells_what_is_wanting() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    let file = "prison_number;prisoner;person;numbers;address\r\n\
        A1234BC;;Carys Bevan;07700 900123;\r\n;;Ann Prior;07700 900;\r\n";
    let sent = handler.send(upload(file, &GIVEN)).await;
    assert_eq!(sent.leads_to(), "/no-contact?done=uploaded");
    let page = until(
        &site,
        &handler,
        "<dd class=\"govuk-summary-list__value shell-lines\">Done",
    )
    .await;
    assert!(page.text.contains("A number that is none"), "{}", page.text);
    assert!(page.text.contains("In one row something is not protected"));
    assert!(page.text.contains("Public protection, HMP Leeds"));
    assert!(
        !page.text.contains("Carys") && !page.text.contains("900123"),
        "nothing of the rows is repeated"
    );
    let cases = handler.get("/cases").await;
    let references: Vec<&str> = cases.text.split("href=\"/cases/").skip(1).collect();
    let mut listed = 0;
    for rest in references {
        let case = handler
            .get(&format!("/cases/{}", rest.split('"').next().unwrap()))
            .await;
        listed += usize::from(
            case.text.contains("From the no-contact list of") && case.text.contains("row 1, file"),
        );
    }
    assert_eq!(listed, 1, "the case says where it comes from");
}

#[tokio::test]
async fn what_is_wrong_with_a_list_is_told_beside_its_field() {
    let site = Site::start().await;
    let handler = site.browser("Hazel Handler").await;
    let table = "prison_number,prisoner,person,numbers,address\n,,Ann,07700 900123,\n";
    let adress = "prison_number,prisoner,person,numbers,address,adress\n,,Ann,07700 900123,,\n";
    let to_come = [
        ("prison", "LEI"),
        ("kept-by", "PPU"),
        ("as-of-day", "1"),
        ("as-of-month", "1"),
        ("as-of-year", "2099"),
    ];
    for (file, fields, words) in [
        ("", &GIVEN[..], "must name the columns"),
        (adress, &GIVEN[..], "Nobody knows column 6"),
        (table, &GIVEN[1..], "Choose the prison"),
        (table, &to_come[..], "not one to come"),
        (table, &GIVEN[..1], "Say who kept the list"),
    ] {
        let answer = handler.send(upload(file, fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text.contains(words), "{words}: {}", answer.text);
    }
}
