//! Pages without a server: what stops the start, what fails a test, what an error may say.

#![expect(clippy::unwrap_used, reason = "tests")]

use axum::http::StatusCode;
use minijinja::context;
use pages::{Lang, Page, Pages, PagesError, SignedIn, Unsaid, Visit};

const ENGLISH: &str = "title = Contact request\ntelling = Stop a prisoner\nrole = Case handler";
const WELSH: &str = "title = Cais cyswllt\ntelling = Atal carcharor\nrole = Gweithiwr achos";
const PLAIN: &str = "{% extends layout %}{% block content %}<p>{{ said }}</p>{% endblock %}";

fn signed_in() -> SignedIn {
    SignedIn {
        name: "Sam".into(),
        role: "role".into(),
        home: "/staff",
        sign_out: "/sign-out",
    }
}

fn visit() -> Visit {
    Visit {
        lang: Lang::En,
        here: Some("/".into()),
    }
}

/// Templates beside the shell's own, strict or as in a release.
fn with_templates(templates: &[(&str, &str)], strict: bool) -> Pages {
    let builder = Pages::builder()
        .templates(templates)
        .locale(Lang::En, ENGLISH)
        .locale(Lang::Cy, WELSH);
    builder.strict(strict).build().unwrap()
}

#[test]
fn a_public_title_that_tells_fails_a_test_and_is_replaced_in_a_release() {
    let page = Page::public(&visit(), "telling");
    let [strict, release] = [true, false].map(|strict| with_templates(&[("ask.html", PLAIN)], strict));
    let refused = strict.html("ask.html", &page, context! {});
    assert!(matches!(refused, Err(PagesError::TellingTitle(key)) if key == "telling"));
    assert!(
        release
            .html("ask.html", &page, context! {})
            .unwrap()
            .contains("<title>Contact request</title>")
    );
    assert!(
        strict
            .html(
                "ask.html",
                &Page::staff(&visit(), "telling", signed_in()),
                context! {}
            )
            .is_ok()
    );
}

#[test]
fn a_template_that_takes_away_the_exit_fails_a_test() {
    let without = [("a.html", "{% extends layout %}{% block way_out %}{% endblock %}")];
    let refused =
        with_templates(&without, true).html("a.html", &Page::public(&visit(), "title"), context! {});
    assert!(matches!(refused, Err(PagesError::NoWayOut(name)) if name == "a.html"));
}

#[test]
fn a_sentence_that_cannot_be_said_fails_a_test_and_shows_its_key_in_a_release() {
    let asks = [(
        "a.html",
        "{% extends layout %}{% block content %}{{ t(which) }}{% endblock %}",
    )];
    let (page, context) = (Page::public(&visit(), "title"), context! { which => "no-such" });
    let refused = with_templates(&asks, true).html("a.html", &page, &context);
    assert!(matches!(refused, Err(PagesError::Unsaid(Unsaid::UnknownKey(key))) if key == "no-such"));
    assert!(
        with_templates(&asks, false)
            .html("a.html", &page, &context)
            .unwrap()
            .contains("no-such")
    );
}

#[test]
fn the_context_of_a_page_cannot_replace_the_shells_own_words() {
    let context = context! { layout => "elsewhere.html", page => "x", errors => "x" };
    let html = with_templates(&[("ask.html", PLAIN)], true)
        .html("ask.html", &Page::public(&visit(), "title"), context)
        .unwrap();
    assert!(html.contains("<title>Contact request</title>"));
}

#[test]
fn what_is_broken_stops_the_start() {
    let build = |template: &str| {
        Pages::builder()
            .templates(&[("a.html", template)])
            .build()
            .err()
            .unwrap()
    };
    assert!(
        matches!(build("{{ t(\"no-such\") }}"), PagesError::UnknownSentence { key, .. } if key == "no-such")
    );
    assert!(
        matches!(build("\n{{ broken"), PagesError::Template { template, line: 2, .. } if template == "a.html")
    );
    let twice = Pages::builder().templates(&[("layout.html", "")]).build();
    assert!(matches!(twice, Err(PagesError::TemplateTwice(name)) if name == "layout.html"));
    let english_only = Pages::builder().locale(Lang::En, "only = Only").build();
    assert!(
        matches!(english_only, Err(PagesError::UnlikeLanguages { only_english, .. }) if only_english == ["only"])
    );
}

#[test]
fn a_failing_template_names_its_place_and_no_value() {
    let pages = Pages::builder()
        .templates(&[("a.html", "\n{{ name|day }}")])
        .build()
        .unwrap();
    let page = Page::public(&visit(), "neutral-title");
    let error = pages
        .html("a.html", &page, context! { name => "07700 900123" })
        .unwrap_err();
    let told = format!("{error} {error:?}");
    assert!(
        told.contains("a.html") && told.contains('2') && !told.contains("900123"),
        "{told}"
    );
    assert_eq!(
        pages.render("a.html", &page, context! { name => "x" }).status(),
        StatusCode::INTERNAL_SERVER_ERROR
    );
}
