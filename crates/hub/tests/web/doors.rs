//! Who may come in: every role at every page, as the table of pages says; and what every answer carries.

use axum::http::StatusCode;
use hub::web::{Audience, Methods, pages};

use crate::support::{Site, filled};

#[tokio::test]
async fn each_role_sees_the_pages_of_its_work_and_no_other() {
    let site = Site::start().await;
    for actor in &site.people {
        let browser = site.browser(&actor.name).await;
        for page in pages() {
            let Audience::SignedIn(verb) = page.audience else {
                continue;
            };
            let path = filled(page.path);
            let mut answers = Vec::new();
            if page.methods != Methods::Post {
                answers.push(browser.get(&path).await.status);
            }
            if page.methods != Methods::Get {
                answers.push(browser.post(&path, &[]).await.status);
            }
            for status in answers {
                let refused = status == StatusCode::FORBIDDEN;
                let led_away = status == StatusCode::SEE_OTHER;
                assert_eq!(
                    refused,
                    !actor.role.may(verb),
                    "{} at {}: {status}",
                    actor.name,
                    page.path
                );
                assert!(
                    !led_away || actor.role.may(verb),
                    "{} at {}: {status}",
                    actor.name,
                    page.path
                );
                assert!(
                    !status.is_server_error(),
                    "{} at {}: {status}",
                    actor.name,
                    page.path
                );
            }
        }
    }
}

#[tokio::test]
async fn every_role_reads_its_own_pages_in_both_languages() {
    let site = Site::start().await;
    for actor in &site.people {
        let browser = site.browser(&actor.name).await;
        for page in pages() {
            let Audience::SignedIn(verb) = page.audience else {
                continue;
            };
            if page.methods == Methods::Post || page.path.contains('{') || !actor.role.may(verb) {
                continue;
            }
            // What the browser keeps for the time without a hub names nobody.
            if ["/mailroom/waits", "/mailroom-worker.js"].contains(&page.path) {
                continue;
            }
            for (lang, mark) in [("en", "lang=\"en\""), ("cy", "lang=\"cy\"")] {
                let answer = browser.get(&format!("{}?lang={lang}", page.path)).await;
                assert_eq!(answer.status, StatusCode::OK, "{} at {}", actor.name, page.path);
                assert!(
                    answer.text.contains(mark),
                    "{} at {} in {lang}",
                    actor.name,
                    page.path
                );
                assert!(answer.text.contains(&actor.name), "{}", page.path);
            }
        }
    }
}

#[tokio::test]
async fn nobody_comes_in_without_signing_in() {
    let site = Site::start().await;
    for page in pages() {
        if !matches!(page.audience, Audience::SignedIn(_)) || page.methods == Methods::Post {
            continue;
        }
        let answer = site.get(&filled(page.path)).await;
        assert_eq!(
            (answer.status, answer.leads_to()),
            (StatusCode::SEE_OTHER, "/sign-in"),
            "{}",
            page.path
        );
    }
}

#[tokio::test]
async fn a_session_ends_with_signing_out() {
    let site = Site::start().await;
    let browser = site.browser("Hazel Handler").await;
    assert_eq!(browser.get("/cases").await.status, StatusCode::OK);
    let answer = browser.post("/sign-out", &[]).await;
    assert_eq!(answer.leads_to(), "/sign-in");
    assert!(
        answer.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(browser.get("/cases").await.leads_to(), "/sign-in");
}

#[tokio::test]
async fn the_cookie_is_out_of_scripts_and_other_sites_reach() {
    let site = Site::start().await;
    let account = site.actor("Hazel Handler").account.to_string();
    let answer = site
        .send(crate::support::post("/sign-in", &[("account", &account)], None))
        .await;
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert_eq!(answer.leads_to(), "/cases");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_at_every_page() {
    let site = Site::start().await;
    for name in [
        "Hazel Handler",
        "Mali Mailroom",
        "Sam Security",
        "Olwen Operator",
        "Mercia Police",
    ] {
        let browser = site.browser(name).await;
        for page in pages().into_iter().filter(|page| page.methods != Methods::Get) {
            let answer = browser.post_from_elsewhere(&filled(page.path)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name} at {}", page.path);
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let site = Site::start().await;
    let browser = site.browser("Hazel Handler").await;
    let mut answers = vec![
        site.get("/nowhere").await,
        browser.get("/audit").await,
        browser.get("/cases").await,
    ];
    for page in pages().into_iter().filter(|page| page.methods != Methods::Post) {
        answers.push(site.get(&filled(page.path)).await);
    }
    for answer in answers {
        let said = |name: &str| answer.headers[name].to_str().unwrap().to_owned();
        assert_eq!(said("cache-control"), "no-store");
        assert_eq!(said("referrer-policy"), "no-referrer");
        assert_eq!(said("x-frame-options"), "DENY");
        assert!(said("content-security-policy").starts_with("default-src 'none'"));
        assert!(!said("content-security-policy").contains("unsafe"));
    }
}

#[tokio::test]
async fn without_a_sign_in_there_are_no_staff_pages_and_the_page_says_so() {
    let site = Site::start_with(0, false).await;
    let answer = site.get("/sign-in").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("Sign-in is not set up"));
    assert!(!answer.text.contains("Hazel Handler"));
    let account = site.actor("Hazel Handler").account.to_string();
    let chosen = site
        .send(crate::support::post("/sign-in", &[("account", &account)], None))
        .await;
    assert_eq!(chosen.status, StatusCode::NOT_FOUND);
    for path in ["/cases", "/mailroom", "/audit", "/operations", "/prison"] {
        assert_eq!(site.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(site.get("/request").await.status, StatusCode::OK);
}

#[tokio::test]
async fn no_page_of_the_public_or_of_a_referrer_names_a_prison() {
    let site = Site::start().await;
    site.switch_on("LEI", feed::Regime::CallBarring).await;
    site.switch_on("CDF", feed::Regime::CallEnabling).await;
    let receipt = site.police_request("07700 900123", "").await;
    let police = site.browser("Mercia Police").await;
    let mut texts = Vec::new();
    for path in ["/", "/request"] {
        texts.push(site.get(path).await.text);
    }
    for path in ["/referrals", "/refer", "/intelligence"] {
        texts.push(police.get(path).await.text);
    }
    let found = police
        .post("/referrals", &[("reference", receipt.reference.as_str())])
        .await;
    assert!(found.text.contains("In force at 0 of 2 places"), "{}", found.text);
    texts.push(found.text);
    let register = prison::Register::built_in();
    for text in texts {
        let shown = text.split("<main").nth(1).unwrap();
        for known in register.iter() {
            assert!(!shown.contains(&known.name), "{} is named", known.name);
        }
        for id in [">LEI<", ">CDF<", "(LEI)", "(CDF)"] {
            assert!(!shown.contains(id), "{id}");
        }
    }
}
