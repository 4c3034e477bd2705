//! The page on which somebody asks about an address that a prisoner offers, and the handler's page of those that wait.

use axum::http::StatusCode;

use crate::support::Site;

const HERS: &str = "4 Invented Row, Nowhereby, ZZ9 9ZZ";

fn form(address: &str) -> [(&str, &str); 3] {
    [
        ("prison-number", "A1234BC"),
        ("offered-for", "release"),
        ("address", address),
    ]
}

#[tokio::test]
async fn somebody_asks_a_handler_looks_and_says_what_was_done() {
    let site = Site::start().await;
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
    let case = site.police_request("", HERS).await.reference;
    let probation = site.browser("Wye Probation").await;
    let empty = probation.post("/offer-address", &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Enter a prison number", "Choose for what", "Enter the address"] {
        assert!(empty.text.contains(words), "{}", empty.text);
    }
    let barred = probation.post("/offer-address", &form(HERS)).await;
    let clear = probation
        .post("/offer-address", &form("17 Other Street, Elsewhere, YY1 1YY"))
        .await;
    let reference = |text: &str| text.split_once("Reference ").unwrap().1[..14].to_owned();
    let alike = |text: &str| text.replace(&reference(text), "REFERENCE");
    assert_eq!(alike(&barred.text), alike(&clear.text));
    assert!(barred.text.contains("Do not approve the address before that."));

    let handler = site.browser("Hazel Handler").await;
    assert!(
        handler
            .get("/cases")
            .await
            .text
            .contains("1 address that a prisoner offers waits for you.")
    );
    let page = handler.get("/offered-addresses").await;
    for words in [
        "Ivan Invented A1234BC",
        "4 Invented Row",
        "The address is barred.",
        "Wye Probation",
        case.as_str(),
    ] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(
        !page.text.contains("Nothing stands in its way</button>") && !page.text.contains("value=\"cleared\"")
    );
    let path = format!(
        "/offered-addresses/{}",
        page.after("action=\"/offered-addresses/")
    );
    let silent = handler.post(&path, &[("done", "told"), ("said", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("Say what you did"));
    let said = ("said", "Spoke to the offender manager.");
    let cleared = handler.post(&path, &[("done", "cleared"), said]).await;
    assert_eq!(
        cleared.status,
        StatusCode::CONFLICT,
        "one person does not clear a barred address"
    );
    let told = handler.post(&path, &[("done", "told"), said]).await;
    assert_eq!(told.leads_to(), "/offered-addresses?done=offered-settled");
    assert!(
        handler
            .get("/offered-addresses")
            .await
            .text
            .contains("No offered address waits for you.")
    );
    let answer = probation
        .post(
            "/offer-address/answer",
            &[("reference", &reference(&barred.text))],
        )
        .await;
    assert!(answer.text.contains("The service answers by"), "{}", answer.text);
    let unknown = probation
        .post("/offer-address/answer", &[("reference", "K7QM-2VXD-94TR")])
        .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unknown
            .text
            .contains("You asked about no address under this reference")
    );
}
