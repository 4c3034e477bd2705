//! The mailroom's pages beyond one envelope: scanners, files, labels, pictures, what waits too long, exemptions, and the
//! page for when there is no hub.

use axum::http::StatusCode;

use crate::letters::{BARRED, NEIGHBOURS_FLAT, bar, post_first, shelve};
use crate::support::Site;

#[tokio::test]
async fn stop_hold_and_decoy_are_answered_with_as_many_bytes_and_the_next_envelope_has_the_focus() {
    let barred = Site::start().await;
    bar(&barred, BARRED).await;
    let decoys = Site::start_with(1, true).await;
    let mut sizes = Vec::new();
    for (site, address) in [(&barred, BARRED), (&barred, NEIGHBOURS_FLAT), (&decoys, BARRED)] {
        let mailroom = site.browser("Mali Mailroom").await;
        let fields = [("sender", "A1234BC"), ("address", address)];
        let answer = mailroom.post("/mailroom", &fields).await.text;
        assert!(answer.contains("SHELF"), "{answer}");
        let (_, field) = answer.split_once("<textarea").unwrap();
        assert!(field.split('>').next().unwrap().contains("autofocus"));
        sizes.push(answer.len());
    }
    assert_eq!(sizes, [sizes[0]; 3]);
}

#[tokio::test]
async fn a_scanned_number_in_the_address_is_the_sender_and_a_sender_of_another_prison_is_told_beside_his_field()
 {
    let site = Site::start().await;
    bar(&site, BARRED).await;
    let mailroom = site.browser("Mali Mailroom").await;
    let scanned = format!("A1234BC\n{BARRED}");
    let answer = mailroom.post("/mailroom", &[("address", &scanned)]).await;
    assert!(answer.text.contains("SHELF"), "{}", answer.text);
    let waiting = site
        .hub
        .store
        .letters_waiting(site.actor("Hazel Handler"))
        .await
        .unwrap();
    assert_eq!(waiting[0].letter.sender, Some("A1234BC".parse().unwrap()));
    assert_eq!(waiting[0].letter.written.lines.expose(), BARRED);
    let answer = mailroom
        .post("/mailroom", &[("address", BARRED), ("sender", "A9999ZZ")])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .text
            .contains("No prisoner with this number is on record in your prison")
    );
    let (_, field) = answer.text.split_once("id=\"sender\"").unwrap();
    assert!(
        field.split('>').next().unwrap().contains("autofocus"),
        "what is to be mended has the focus"
    );
}

#[tokio::test]
async fn a_letter_is_due_in_a_working_day_and_is_called_late_on_three_pages_after_it() {
    let (site, clock) = Site::start_with_clock("2026-11-26T09:00:00Z").await;
    shelve(&site, "A1234BC", "PO Box 17\nExampleton").await;
    let handler = site.browser("Hazel Handler").await;
    let shelf = handler.get("/letters").await.text;
    assert!(
        shelf.contains("Decide by 27 November 2026 at 9:00am") && !shelf.contains("Overdue"),
        "{shelf}"
    );
    assert!(
        handler
            .get("/cases")
            .await
            .text
            .contains("1 letter waits on a shelf")
    );
    clock.advance(24 * 3_600);
    // A session idle for long is over.
    let handler = site.browser("Hazel Handler").await;
    assert!(handler.get("/letters").await.text.contains("Overdue"));
    assert!(
        handler
            .get("/cases")
            .await
            .text
            .contains("1 letter has waited for more than one working day")
    );
    let mailroom = site.browser("Mali Mailroom").await.get("/mailroom").await.text;
    assert!(
        mailroom.contains("1 letter has been on the shelf for more than a working day"),
        "{mailroom}"
    );
}

#[tokio::test]
async fn letters_that_a_clerk_counted_are_an_alarm_when_they_lie_unchecked_for_a_day() {
    let (site, clock) = Site::start_with_clock("2026-11-26T09:00:00Z").await;
    let clerk = site.browser("Mali Mailroom").await;
    for wrong in ["", "many", "-1", "100001"] {
        let answer = clerk.post("/mailroom/pile", &[("pile", wrong)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text.contains("Enter a number from 0 to 100,000"));
    }
    let counted = clerk.post("/mailroom/pile", &[("pile", "2")]).await.text;
    assert!(counted.contains("The count is recorded"), "{counted}");
    assert!(!counted.contains("Letters have waited too long"));
    clock.advance(12 * 3_600);
    shelve(&site, "A1234BC", "PO Box 17\nExampleton").await;
    clock.advance(12 * 3_600);
    let clerk = site.browser("Mali Mailroom").await;
    let page = clerk.get("/mailroom").await.text;
    assert!(
        page.contains("1 letter has waited unchecked for more than a day"),
        "{page}"
    );
    let operator = site.browser("Olwen Operator").await;
    let alarms = operator.get("/operations").await.text;
    assert!(alarms.contains("1 unchecked for more than a day"), "{alarms}");
}

#[tokio::test]
async fn what_a_decision_must_say_is_asked_for_beside_its_field() {
    let site = Site::start().await;
    shelve(&site, "A1234BC", "PO Box 17\nExampleton").await;
    let handler = site.browser("Hazel Handler").await;
    let shelf = handler.get("/letters").await;
    let decide = format!("/letters/{}", shelf.after("action=\"/letters/"));
    for (fields, missing) in [
        (vec![], vec!["Say what becomes of the letter"]),
        (
            vec![("decision", "evidence")],
            vec!["Say whether the prisoner was told"],
        ),
        (
            vec![("decision", "return"), ("told", "no")],
            vec![
                "Say how it is known that he knew the address",
                "Say why the prisoner was not told",
            ],
        ),
    ] {
        let answer = handler.post(&decide, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for sentence in missing {
            assert!(answer.text.contains(sentence), "{sentence}");
        }
    }
    let whole = [
        ("decision", "return"),
        ("knew", "He lived there."),
        ("told", "no"),
        ("why-not", "He is in hospital."),
    ];
    assert_eq!(
        handler.post(&decide, &whole).await.leads_to(),
        "/letters?done=letter-decided"
    );
    let told = site.browser("Mali Mailroom").await.get("/mailroom").await.text;
    assert!(told.contains("Give it back to the sender") && !told.contains("hospital"));
}

#[tokio::test]
async fn a_file_of_letters_comes_back_with_post_or_shelf_and_says_how_far_it_is() {
    let site = Site::start().await;
    bar(&site, BARRED).await;
    let mailroom = site.browser("Mali Mailroom").await;
    let answer = mailroom.send(upload("", "letter")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Choose a file"));
    let barred = BARRED.replace('\n', ", ");
    let file = format!(
        "reference,prison_number,address\na,A1234BC,\"{barred}\"\nb,A5678DE,3 Different Road\nc,A9999ZZ,3 Different Road\nd,,x\n"
    );
    assert_eq!(
        mailroom.send(upload(&file, "parcel")).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let sent = mailroom.send(upload(&file, "photocopy")).await;
    assert_eq!(sent.leads_to(), "/mailroom/files?done=letters-uploaded");
    assert!(
        mailroom
            .get("/mailroom/files")
            .await
            .text
            .contains("1 of 4 answered")
    );
    while hub::mailroom::tend_once(&site.hub).await.unwrap() {}
    let page = mailroom.get("/mailroom/files").await;
    assert!(
        page.text.contains("4 of 4 answered") && page.text.contains("Photocopied"),
        "{}",
        page.text
    );
    let path = format!("/mailroom/files/{}", page.after("href=\"/mailroom/files/"));
    let answers = mailroom.get(&path).await.text;
    let lines: Vec<&str> = answers.lines().collect();
    assert_eq!(lines[0], "row,reference,answer,code");
    assert!(
        lines[1].starts_with("1,a,shelf,") && lines[1].len() == "1,a,shelf,K7QM2V".len(),
        "{answers}"
    );
    assert_eq!(
        lines[2..],
        ["2,b,post,", "3,c,not-held-here,", "4,d,no-prison-number,"]
    );
    assert!(!answers.contains("Invented Street"));
    let elsewhere = site.browser("Cai Clerk").await;
    assert_eq!(elsewhere.get(&path).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_label_is_printed_for_a_letter_on_the_shelf_of_ones_own_prison_alone() {
    let site = Site::start().await;
    shelve(&site, "A1234BC", "PO Box 17\nExampleton").await;
    let handler = site.actor("Hazel Handler");
    let code = site.hub.store.letters_waiting(handler).await.unwrap()[0]
        .letter
        .shelf_code
        .clone()
        .unwrap();
    let mailroom = site.browser("Mali Mailroom").await;
    let label = mailroom.get(&format!("/mailroom/labels/{code}")).await;
    assert_eq!(label.headers["content-type"], "application/pdf");
    assert!(label.text.starts_with("%PDF-") && label.text.contains(&code) && !label.text.contains("A1234BC"));
    assert_eq!(
        mailroom.get("/mailroom/labels/AAAAAA").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_stopped_letter_stands_among_the_alerts_with_who_checked_it() {
    let site = Site::start().await;
    bar(&site, BARRED).await;
    shelve(&site, "A1234BC", BARRED).await;
    while hub::mailroom::tend_once(&site.hub).await.unwrap() {}
    let alerts = site.browser("Hazel Handler").await.get("/alerts").await.text;
    assert!(
        alerts.contains("1 letter is on the shelf, checked by Mali Mailroom"),
        "{alerts}"
    );
    assert!(alerts.contains("14 Invented Street, Exampleton"), "{alerts}");
}

#[tokio::test]
async fn the_register_and_close_relatives_are_proposed_on_a_page_read_by_a_second_handler_and_ended_by_one() {
    let site = Site::start().await;
    let receipt = site.police_request("", BARRED).await;
    let handler = site.browser("Hazel Handler").await;
    let path = "/letters/exemptions";
    let empty = handler.post(&format!("{path}/register"), &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for sentence in [
        "Say who is there",
        "Give the name",
        "Give an address that can be read",
        "Say why",
    ] {
        assert!(empty.text.contains(sentence), "{sentence}");
    }
    let one_name = [("relative", "Ivor"), ("case", "K7QM-2VXD-94TR")];
    let empty = handler.post(&format!("{path}/relative"), &one_name).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for sentence in [
        "Give the reference of a case",
        "Give the first and the last name",
        "Say what they are to each other",
    ] {
        assert!(empty.text.contains(sentence), "{sentence}");
    }
    let reference = receipt.reference.to_string();
    let firm = [
        ("office", "lawyer"),
        ("name", "Fable and Partners"),
        ("address", "9 Fabled Row, Nowhere, ZZ1 4EF"),
        ("reason-register", "Found in the register of the profession"),
    ];
    let son = [
        ("case", reference.as_str()),
        ("prisoner", "a1234bc"),
        ("relative", "Ivor Invented"),
        ("relationship", "His son"),
        ("reason-relative", "She agrees to it."),
    ];
    for (form, fields) in [("register", &firm[..]), ("relative", &son[..])] {
        let proposed = handler.post(&format!("{path}/{form}"), fields).await;
        assert_eq!(proposed.leads_to(), "/letters/exemptions?done=proposed");
    }
    let second = site.browser("Hugh Handler").await;
    let proposals = second.get("/proposals").await;
    assert!(proposals.text.contains(
        "Confidential mail to Fable and Partners, 9 Fabled Row, Nowhere, ZZ1 4EF, leaves unopened"
    ));
    assert!(
        proposals
            .text
            .contains("Letters of A1234BC to Ivor Invented leave although the address is barred")
    );
    let to_his_son = format!("Master Ivor Invented\n{BARRED}");
    shelve(&site, "A1234BC", &to_his_son).await;
    for _ in 0..2 {
        let open = second.get("/proposals").await;
        let approve = format!("/proposals/{}", open.after("action=\"/proposals/"));
        assert_eq!(
            second.post(&approve, &[]).await.leads_to(),
            "/proposals?done=approved"
        );
    }
    let mailroom = site.browser("Mali Mailroom").await;
    let fields = [("sender", "A1234BC"), ("address", to_his_son.as_str())];
    assert!(mailroom.post("/mailroom", &fields).await.text.contains("PASS"));
    for left in [2, 1] {
        let standing = handler.get(path).await;
        assert_eq!(standing.text.matches("In force").count(), left);
        let end = format!("{path}/{}", standing.after("action=\"/letters/exemptions/"));
        assert_eq!(
            handler.post(&end, &[]).await.leads_to(),
            "/letters/exemptions?done=exemption-ended"
        );
    }
    assert!(mailroom.post("/mailroom", &fields).await.text.contains("SHELF"));
}

/// The first bytes of a picture: all that is looked at where nothing reads.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x20\0\0\0\x10";

#[tokio::test]
async fn a_picture_stands_beside_its_address_and_goes_to_the_shelf_with_its_letter_and_nowhere_else() {
    let site = Site::start().await;
    let mailroom = site.browser("Mali Mailroom").await;
    let page = mailroom.send(upload_picture(PICTURE)).await;
    assert_eq!(page.status, StatusCode::OK);
    let path = format!("/mailroom/pictures/{}", page.after("src=\"/mailroom/pictures/"));
    let shown = mailroom.get(&path).await;
    assert_eq!(
        (shown.status, shown.headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "image/png")
    );
    let other = site.browser("Mostyn Mailroom").await;
    assert_eq!(
        other.get(&path).await.status,
        StatusCode::NOT_FOUND,
        "another clerk's"
    );
    let id = path.rsplit('/').next().unwrap();
    let mended = mailroom
        .post("/mailroom", &[("picture", id), ("address", "3 Different Road")])
        .await;
    assert_eq!(mended.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(mended.text.contains(&path), "it stays while the form is mended");
    let shelved = [
        ("picture", id),
        ("sender", "A1234BC"),
        ("address", "PO Box 17, Exampleton"),
    ];
    assert!(mailroom.post("/mailroom", &shelved).await.text.contains("SHELF"));
    assert_eq!(mailroom.get(&path).await.status, StatusCode::NOT_FOUND, "checked");
    let handler = site.browser("Hazel Handler").await;
    let shelf = handler.get("/letters").await;
    let picture = format!("/letters/{}", shelf.after("src=\"/letters/"));
    assert_eq!(handler.get(&picture).await.headers["content-type"], "image/png");
    assert_eq!(mailroom.get(&picture).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        post_first(&handler).await.leads_to(),
        "/letters?done=letter-decided"
    );
    assert_eq!(
        handler.get(&picture).await.status,
        StatusCode::NOT_FOUND,
        "it went with its letter"
    );
}

#[tokio::test]
async fn what_is_no_picture_is_told_beside_its_field() {
    let site = Site::start().await;
    let mailroom = site.browser("Mali Mailroom").await;
    let large = [PICTURE, &vec![0; hub::mailroom::PICTURE_BYTES]].concat();
    for (bytes, sentence) in [
        (&b""[..], "Choose a picture, JPEG or PNG"),
        (b"<svg onload=alert(1)>", "Choose a picture, JPEG or PNG"),
        (&large, "Choose a picture of at most 6 megabytes"),
    ] {
        let answer = mailroom.send(upload_picture(bytes)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(sentence), "{sentence}");
    }
}

#[tokio::test]
async fn the_worker_may_fetch_from_here_and_do_nothing_else_and_the_page_it_keeps_names_nobody() {
    let site = Site::start().await;
    let mailroom = site.browser("Mali Mailroom").await;
    let worker = mailroom.get("/mailroom-worker.js").await;
    assert_eq!(
        worker.headers["content-security-policy"],
        "default-src 'none'; connect-src 'self'"
    );
    assert!(
        worker.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/javascript")
    );
    let waits = mailroom.get("/mailroom/waits").await;
    assert!(waits.text.contains("keep the envelope on the desk") && waits.text.contains("cadwch yr amlen"));
    assert!(!waits.text.contains("Mali Mailroom"));
    let page = mailroom.get("/mailroom").await;
    assert!(
        !page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .contains("connect-src")
    );
    assert_eq!(site.get("/mailroom-worker.js").await.leads_to(), "/sign-in");
}

fn upload_picture(bytes: &[u8]) -> axum::http::Request<axum::body::Body> {
    let head = "--b0undary\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"e.png\"\r\n\r\n";
    let body = [head.as_bytes(), bytes, b"\r\n--b0undary--\r\n"].concat();
    multipart("/mailroom/picture", body.into())
}

/// A file as a browser sends it.
fn upload(file: &str, kind: &str) -> axum::http::Request<axum::body::Body> {
    let part = |name: &str, more: &str, text: &str| {
        format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{text}\r\n")
    };
    let named = "; filename=\"letters.csv\"";
    let body = format!(
        "{}{}--b0undary--\r\n",
        part("kind", "", kind),
        part("file", named, file)
    );
    multipart("/mailroom/files", body.into())
}

fn multipart(path: &str, body: axum::body::Body) -> axum::http::Request<axum::body::Body> {
    axum::http::Request::post(path)
        .header("host", "localhost")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=b0undary")
        .body(body)
        .unwrap()
}
