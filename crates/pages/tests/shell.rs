//! The shell through its real router: headers, assets, the exit, languages, forms, layouts, problems.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::OnceLock;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::Response;
use axum::routing::get;
use axum::{Form, Json, Router};
use minijinja::context;
use pages::{FieldErrors, Lang, NavigationItem, Page, Pages, Sentence, SignedIn, Visit};
use tower::ServiceExt;

const ENGLISH: &str = "title = Contact request\ntelling = Stop a prisoner\nphone = Phone\n    .missing = Enter a phone number\nrole = Case handler\nnext = Wait for { $days } days\nbold = <b>{ $name }</b>";
const WELSH: &str = "title = Cais cyswllt\ntelling = Atal carcharor\nphone = Ffôn\n    .missing = Rhowch rif ffôn\nrole = Gweithiwr achos\nnext = Arhoswch { $days } diwrnod\nbold = <b>{ $name }</b>";
const ASK: &str = r#"{% extends layout %}{% block content %}<p>{{ said }}</p>{{ t_html("bold", name=said) }}
{{ govukInput({"id": "phone", "name": "phone", "label": {"text": t("phone")}, "value": said, "errorMessage": errors.phone}) }}
<time>{{ at|datetime }}</time>{% endblock %}"#;

fn pages() -> Pages {
    static BUILT: OnceLock<Pages> = OnceLock::new();
    let builder = || {
        Pages::builder()
            .templates(&[("ask.html", ASK)])
            .locale(Lang::En, ENGLISH)
            .locale(Lang::Cy, WELSH)
    };
    BUILT.get_or_init(|| builder().build().unwrap()).clone()
}

fn signed_in() -> SignedIn {
    SignedIn {
        name: "Sam <Okafor>".into(),
        role: "role".into(),
        home: "/staff",
        sign_out: "/sign-out",
    }
}

async fn ask(State(pages): State<Pages>, visit: Visit) -> Response {
    let page = Page::public(&visit, "title").with_next([Sentence::new("next").with("days", 2_usize)]);
    pages.render(
        "ask.html",
        &page,
        context! { said => "<i>\"'&", at => "2026-11-23T14:03:22Z" },
    )
}

async fn answer(State(pages): State<Pages>, visit: Visit, Form(_): Form<Vec<(String, u8)>>) -> Response {
    let mut errors = FieldErrors::new();
    errors.add("phone", "phone.missing");
    pages.render(
        "ask.html",
        &Page::public(&visit, "title").with_errors(errors).with_back("/"),
        context! {},
    )
}

async fn staff(State(pages): State<Pages>, visit: Visit) -> Response {
    let item = NavigationItem {
        text: "title".into(),
        href: "/staff".into(),
        current: true,
    };
    pages.render(
        "ask.html",
        &Page::staff(&visit, "title", signed_in()).with_navigation([item]),
        context! {},
    )
}

fn service() -> Router {
    let pages = pages();
    let routes = Router::new()
        .route("/", get(ask).post(answer))
        .route("/staff", get(staff))
        .route("/forbidden", get(|| async { StatusCode::FORBIDDEN }))
        .route("/broken", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
        .route(
            "/busy",
            get(|| async { (StatusCode::SERVICE_UNAVAILABLE, "queue of 300") }),
        )
        .route("/json", get(|| async { (StatusCode::CONFLICT, Json("kept")) }))
        .route(
            "/cached",
            get(|| async {
                (
                    [("cache-control", "public"), ("referrer-policy", "unsafe-url")],
                    "x",
                )
            }),
        );
    pages.guard(routes).with_state(pages)
}

async fn fetch(request: axum::http::request::Builder, body: &str) -> (StatusCode, HeaderMap, String) {
    let response = service()
        .oneshot(request.body(Body::from(body.to_string())).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, 1 << 20).await.unwrap();
    (
        parts.status,
        parts.headers,
        String::from_utf8_lossy(&bytes).into_owned(),
    )
}

async fn read(path: &str) -> (StatusCode, HeaderMap, String) {
    fetch(Request::get(path), "").await
}

/// Sends a form as a browser does from our own page.
async fn send(path: &str, body: &str) -> (StatusCode, HeaderMap, String) {
    let form = "application/x-www-form-urlencoded";
    fetch(
        Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", form),
        body,
    )
    .await
}

fn asset_path(html: &str, name: &str) -> String {
    let end = html.find(name).unwrap() + name.len();
    let start = html[..end].rfind("/assets/").unwrap();
    html[start..end].to_string()
}

#[tokio::test]
async fn every_answer_carries_the_safe_headers() {
    let (_, _, html) = read("/").await;
    let style = asset_path(&html, "govuk-frontend.min.css");
    for path in ["/", "/staff", "/nowhere", "/broken", "/json", "/exit", &style] {
        let (_, headers, _) = read(path).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        for (name, value) in [
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
        assert!(headers.contains_key("permissions-policy"), "{path}");
        let kept = headers["cache-control"] != "no-store";
        assert_eq!(kept, path == style, "{path}");
    }
}

#[tokio::test]
async fn no_handler_can_make_a_page_cacheable() {
    assert_eq!(read("/cached").await.1["cache-control"], "no-store");
}

#[tokio::test]
async fn no_handler_can_tell_another_site_where_the_visitor_was() {
    assert_eq!(read("/cached").await.1["referrer-policy"], "no-referrer");
}

#[tokio::test]
async fn assets_are_kept_for_a_year_under_the_hash_of_their_edition_and_nothing_else_is_served() {
    let (_, _, html) = read("/staff").await;
    for (name, kind) in [
        ("govuk-frontend.min.css", "text/css; charset=utf-8"),
        ("moj-frontend.min.css", "text/css; charset=utf-8"),
        ("shell.js", "text/javascript; charset=utf-8"),
        ("favicon.svg", "image/svg+xml"),
    ] {
        let (status, headers, _) = read(&asset_path(&html, name)).await;
        assert_eq!(
            (status, &headers["content-type"]),
            (StatusCode::OK, &kind.parse().unwrap()),
            "{name}"
        );
        assert_eq!(headers["cache-control"], "public, max-age=31536000, immutable");
    }
    let edition = asset_path(&html, "shell.js").replace("shell.js", "");
    for path in [
        "/assets/0000000000000000/shell.js",
        "/assets/",
        "/assets/shell.js",
    ] {
        assert_eq!(read(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for name in [
        "missing.js",
        "../npm/package.json",
        "%2e%2e/npm/package.json",
        "%2fetc%2fpasswd",
    ] {
        assert_eq!(
            read(&format!("{edition}{name}")).await.0,
            StatusCode::NOT_FOUND,
            "{name}"
        );
    }
}

#[tokio::test]
async fn styles_carry_no_government_branding_and_name_only_images_that_are_served() {
    let (_, _, html) = read("/staff").await;
    for name in ["govuk-frontend.min.css", "moj-frontend.min.css"] {
        let path = asset_path(&html, name);
        let (_, _, style) = read(&path).await;
        for brand in [
            "GDS Transport",
            "@font-face",
            "crest.svg",
            "crown.png",
            "url(/",
            "url(http",
            "data:",
            "@import",
        ] {
            assert!(!style.contains(brand), "{name} has {brand}");
        }
        assert!(style.contains("font-family:arial,sans-serif"), "{name}");
        for address in style.split("url(").skip(1) {
            let image = path.replace(name, address.split(')').next().unwrap());
            assert_eq!(read(&image).await.0, StatusCode::OK, "{image}");
        }
    }
}

#[tokio::test]
async fn a_form_is_taken_only_from_our_own_pages() {
    let table: [(&[(&str, &str)], bool); 12] = [
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "same-origin"), ("origin", "null")], true),
        (
            &[
                ("sec-fetch-site", "none"),
                ("origin", "https://hub.example"),
                ("host", "hub.example"),
            ],
            true,
        ),
        (&[("sec-fetch-site", "none"), ("host", "hub.example")], false),
        (
            &[
                ("sec-fetch-site", "same-site"),
                ("origin", "https://hub.example"),
                ("host", "hub.example"),
            ],
            false,
        ),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://hub.example"),
                ("host", "hub.example"),
            ],
            false,
        ),
        (
            &[("origin", "https://hub.example"), ("host", "hub.example")],
            true,
        ),
        (
            &[("origin", "https://HUB.example:443"), ("host", "hub.example")],
            true,
        ),
        (
            &[("origin", "https://hub.example:8443"), ("host", "hub.example")],
            false,
        ),
        (
            &[
                ("origin", "https://hub.example.attacker.example"),
                ("host", "hub.example"),
            ],
            false,
        ),
        (&[("origin", "null"), ("host", "hub.example")], false),
        (&[("host", "hub.example")], false),
    ];
    for (headers, taken) in table {
        let form = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let request = headers
            .iter()
            .fold(form, |request, (name, value)| request.header(*name, *value));
        let (status, _, html) = fetch(request, "").await;
        assert_eq!(status != StatusCode::FORBIDDEN, taken, "{headers:?}");
        assert!(taken || html.contains("You cannot see this page"));
    }
}

#[tokio::test]
async fn reading_needs_no_origin_and_every_other_verb_does() {
    assert_eq!(read("/").await.0, StatusCode::OK);
    for verb in ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"] {
        let (status, _, _) = fetch(Request::builder().method(verb).uri("/"), "").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{verb}");
    }
}

#[tokio::test]
async fn exit_clears_the_browser_and_leads_to_a_neutral_site() {
    let (status, headers, body) = read("/exit").await;
    assert_eq!((status, body.as_str()), (StatusCode::SEE_OTHER, ""));
    assert_eq!(headers["location"], "https://www.bbc.co.uk/weather");
    assert_eq!(headers["clear-site-data"], "\"cache\", \"cookies\", \"storage\"");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(send("/exit", "").await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn another_site_cannot_sign_a_case_handler_out_through_the_exit() {
    let (status, headers, _) = fetch(Request::get("/exit").header("sec-fetch-site", "cross-site"), "").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(!headers.contains_key("clear-site-data"));
}

#[tokio::test]
async fn the_language_asked_for_is_remembered_for_the_session_and_keeps_the_page() {
    let (_, headers, html) = read("/?page=2&lang=cy").await;
    assert_eq!(headers["set-cookie"], "lang=cy; Path=/; HttpOnly; SameSite=Lax");
    assert!(html.contains("<html lang=\"cy\"") && html.contains("<title>Cais cyswllt</title>"));
    assert!(html.contains("href=\"/?page=2&amp;lang=en\"") && html.contains("23 Tachwedd 2026 am 2:03:22pm"));
    let (_, headers, html) = fetch(Request::get("/").header("cookie", "lang=cy"), "").await;
    assert!(html.contains("<html lang=\"cy\"") && !headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn the_answer_to_a_form_offers_no_language_link() {
    let (_, _, html) = send("/", "").await;
    assert!(!html.contains("govuk-language-navigation") && html.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn a_public_page_has_two_ways_out_that_need_no_script() {
    for (_, _, html) in [read("/").await, send("/", "").await, read("/nowhere").await] {
        assert_eq!(html.matches("href=\"/exit\"").count(), 2);
        assert!(html.contains("govuk-exit-this-page__button"));
        assert!(
            html.find("href=\"/exit\"") < html.find("<main"),
            "before the content"
        );
    }
}

#[tokio::test]
async fn a_staff_page_says_who_is_signed_in_and_how_to_sign_out() {
    let (_, _, html) = read("/staff").await;
    assert!(html.contains("Sam &lt;Okafor&gt;") && html.contains("Case handler"));
    assert!(html.contains("<form method=\"post\" action=\"/sign-out\">") && !html.contains("href=\"/exit\""));
    assert!(html.contains("moj-primary-navigation__link\" aria-current=\"page\""));
    assert!(html.contains("<title>Contact request - Unwanted Prisoner Contact Service</title>"));
}

#[tokio::test]
async fn nothing_on_a_page_runs_or_is_styled_inline() {
    for (_, _, html) in [
        read("/").await,
        read("/staff").await,
        send("/", "").await,
        read("/nowhere").await,
    ] {
        assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains("javascript:"));
        assert!(!html.contains(" onclick=") && !html.contains(" onload="));
        assert_eq!(
            html.matches("<script").count(),
            html.matches("<script type=\"module\" src=\"/assets/").count()
        );
    }
}

#[tokio::test]
async fn whatever_is_put_in_is_escaped_once() {
    let (_, _, html) = read("/").await;
    assert!(html.contains("<p>&lt;i&gt;&quot;&#39;&amp;</p>"), "{html}");
    assert!(
        html.contains("<b>&lt;i&gt;&quot;&#39;&amp;</b>")
            && html.contains("value=\"&lt;i&gt;&quot;&#39;&amp;\"")
    );
}

#[tokio::test]
async fn a_wrong_field_is_named_in_the_summary_beside_the_field_and_in_the_title() {
    let (status, _, html) = send("/", "").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        html.contains("<title>Error: Contact request</title>")
            && html.contains("<a href=\"#phone\">Enter a phone number</a>")
    );
    assert!(html.contains("id=\"phone-error\"") && html.contains("aria-describedby=\"phone-error\""));
    assert!(html.contains("class=\"govuk-back-link\""));
}

#[tokio::test]
async fn what_happens_next_is_told_below_the_content() {
    let (_, _, html) = read("/").await;
    assert!(html.contains("What happens next") && html.contains("<li>Wait for 2 days</li>"));
}

#[tokio::test]
async fn what_went_wrong_is_told_calmly_in_either_language() {
    for (path, status, english, welsh) in [
        ("/nowhere", 404, "Page not found", "Heb ddod o hyd"),
        ("/forbidden", 403, "You cannot see this page", "Ni allwch weld"),
        ("/broken", 500, "Sorry, there is a problem", "mae problem"),
        ("/busy", 503, "this website is busy", "yn brysur"),
    ] {
        let (got, headers, html) = read(path).await;
        assert_eq!(got, status, "{path}");
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert!(
            html.contains(english) && html.contains("call 999") && !html.contains("queue of 300"),
            "{path}"
        );
        assert!(read(&format!("{path}?lang=cy")).await.2.contains(welsh), "{path}");
    }
}

#[tokio::test]
async fn a_refused_form_is_not_repeated_in_the_answer() {
    let (status, _, html) = send("/", "phone=07700900123").await;
    assert!(status.is_client_error() && html.contains("We could not read what was sent"));
    assert!(!html.contains("07700900123") && !html.contains("deserialize"));
}

#[tokio::test]
async fn an_answer_in_json_is_left_as_it_is() {
    let (status, _, body) = read("/json").await;
    assert_eq!((status, body.as_str()), (StatusCode::CONFLICT, "\"kept\""));
}
