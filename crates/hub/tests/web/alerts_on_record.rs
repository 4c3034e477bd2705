//! Beside who may be meant stand the alerts on his record, in words; they are listed by prison, and never move a rank.

use axum::http::StatusCode;
use offender::{PrisonerRecord, RecordedAlert};

use crate::support::{Answer, Browser, Site};

/// Prison number, first name, last name, prison, code of an alert.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

async fn roster(site: &Site, rows: &[Row]) {
    let records = rows.iter().map(|(number, first, last, prison, code)| {
        let mut record = PrisonerRecord::new(number.parse().unwrap(), first, last);
        record.prison_id = Some(prison.parse().unwrap());
        record.legal_status = Some("REMAND".to_owned());
        let alert = |code: &&str| RecordedAlert {
            alert_code: (*code).to_owned(),
            date_created: Some("2026-03-03".to_owned()),
            ..RecordedAlert::default()
        };
        record.alerts = Some(
            [code]
                .into_iter()
                .filter(|code| !code.is_empty())
                .map(alert)
                .collect(),
        );
        record
    });
    let records = records.collect();
    site.hub.store.import_prisoners(records).await.unwrap();
    site.hub.custody.refresh(&site.hub.store).await.unwrap();
}

async fn searched(handler: &Browser<'_>, case: &str, asked: &[(&str, &str)]) -> Answer {
    handler.post(&format!("{case}/locate"), asked).await
}

/// The prison numbers of the cards, in their order.
fn cards(page: &Answer) -> Vec<&str> {
    let cards = page.text.split("govuk-summary-card__title\">").skip(1);
    cards
        .map(|card| card.split("</h").next().unwrap().rsplit(' ').next().unwrap())
        .collect()
}

async fn case(site: &Site) -> String {
    format!(
        "/cases/{}",
        site.police_request("07700 900123", "").await.reference
    )
}

#[tokio::test]
async fn alerts_stand_beside_a_candidate_in_words_and_leave_his_place_as_it_is() {
    let site = Site::start().await;
    roster(
        &site,
        &[
            ("A1000AA", "Gareth", "Exemplar", "LEI", ""),
            ("A1000AB", "Gareth", "Exemplar", "LEI", "ONCR"),
            ("A1000AC", "Gary", "Exemplar", "LEI", "HA"),
        ],
    )
    .await;
    let (handler, case) = (site.browser("Hazel Handler").await, case(&site).await);
    let asked = [("first-name", "Gareth"), ("last-name", "Exemplar")];
    let page = searched(&handler, &case, &asked).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert_eq!(
        cards(&page),
        ["A1000AA", "A1000AB", "A1000AC"],
        "in the order of numbers"
    );
    let named = page
        .text
        .split("id=\"alerted\"")
        .nth(1)
        .unwrap()
        .split("</div>")
        .next()
        .unwrap();
    assert!(
        named.contains("Gareth Exemplar, A1000AB: no-contact request (since 3 March 2026)"),
        "{named}"
    );
    assert!(
        !named.contains("A1000AA") && !named.contains("A1000AC"),
        "{named}"
    );
    assert!(page.text.contains("Held as: On remand"));
    handler
        .post(
            &format!("{case}/confirm-prisoner"),
            &[("prisoner", "A1000AB"), ("last-name", "Exemplar")],
        )
        .await;
    let file = handler.get(&case).await.text;
    let confirmed = file.split("A1000AB is confirmed").nth(1).unwrap();
    assert!(confirmed.contains("no-contact request (since 3 March 2026)"));
}

#[tokio::test]
async fn whoever_is_about_as_likely_as_those_shown_and_has_an_alert_is_shown_too() {
    let site = Site::start().await;
    let numbers = [
        "A1000AA", "A1000AB", "A1000AC", "A1000AD", "A1000AE", "A1000AF", "A1000AG",
    ];
    let row = |number: &'static str| {
        (
            number,
            "Gareth",
            "Exemplar",
            "LEI",
            if number == "A1000AG" { "RSP" } else { "" },
        )
    };
    roster(&site, &numbers.map(row)).await;
    let (handler, case) = (site.browser("Hazel Handler").await, case(&site).await);
    let page = searched(&handler, &case, &[("last-name", "Exemplar")]).await;
    assert_eq!(
        cards(&page),
        ["A1000AA", "A1000AB", "A1000AC", "A1000AD", "A1000AE", "A1000AG"]
    );
    assert!(page.text.contains("About as likely, and with an alert"));
    let answer = handler
        .post(
            &format!("{case}/confirm-prisoner"),
            &[("prisoner", "A1000AG"), ("last-name", "Exemplar")],
        )
        .await;
    assert_eq!(answer.leads_to(), format!("{case}?done=located#prisoner"));
    let reference: casework::Reference = case.strip_prefix("/cases/").unwrap().parse().unwrap();
    let file = site
        .hub
        .store
        .open_case(site.actor("Hazel Handler"), reference)
        .await
        .unwrap();
    assert!(
        file.locations[0].evidence.expose().contains("lastName"),
        "with what speaks for him"
    );
}

#[tokio::test]
async fn a_handler_lists_those_with_an_alert_in_a_prison_whose_name_fits_in_part() {
    let site = Site::start().await;
    roster(
        &site,
        &[
            ("A1000AA", "Gareth", "Exemplar", "LEI", "ONCR"),
            ("A1000AB", "Gareth", "Otherwise", "LEI", "OHCO"),
            ("A1000AC", "Zebedee", "Quibble", "LEI", "RDV"),
            ("A1000AD", "Gareth", "Exemplar", "MDI", "ONCR"),
            ("A1000AE", "Gareth", "Exemplar", "LEI", ""),
        ],
    )
    .await;
    let (handler, case) = (site.browser("Hazel Handler").await, case(&site).await);
    let asked = [
        ("first-name", "Gareth"),
        ("last-name", "Exemplar"),
        ("prison", "Leeds"),
        ("alerted", "yes"),
    ];
    let page = searched(&handler, &case, &asked).await;
    assert_eq!(cards(&page), ["A1000AA", "A1000AB"]);
    assert!(page.text.contains("harassment or a court order"));
    let everybody = searched(&handler, &case, &asked[2..]).await;
    assert_eq!(cards(&everybody).len(), 3, "without a name all of them");
    let nowhere = searched(&handler, &case, &[asked[0], asked[3]]).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nowhere.text.contains("Name the prison whose prisoners") && cards(&nowhere).is_empty());
    let nobody = searched(&handler, &case, &[("last-name", "Nowhere"), asked[2], asked[3]]).await;
    assert!(nobody.text.contains("Nobody who is held there has such an alert"));
}
