//! A public form and a staff page, to be looked at: `cargo run -p pages --example sample`, then
//! http://127.0.0.1:8090/ and http://127.0.0.1:8090/staff. Everything in it is invented.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Form, Router};
use minijinja::context;
use pages::{FieldErrors, Lang, NavigationItem, Page, Pages, PagesError, SignedIn, Visit};
use serde::Deserialize;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    phone: String,
}

fn pages() -> Result<Pages, PagesError> {
    Pages::builder()
        .templates(&[
            ("request.html", include_str!("request.html")),
            ("case.html", include_str!("case.html")),
        ])
        .locale(Lang::En, include_str!("en.ftl"))
        .locale(Lang::Cy, include_str!("cy.ftl"))
        .build()
}

async fn ask(State(pages): State<Pages>, visit: Visit) -> Response {
    pages.render(
        "request.html",
        &Page::public(&visit, "request-title"),
        context! {},
    )
}

async fn answer(State(pages): State<Pages>, visit: Visit, Form(answer): Form<Answer>) -> Response {
    let mut errors = FieldErrors::new();
    if answer.phone.trim().is_empty() {
        errors.add("phone", "request-phone.missing");
    }
    let page = Page::public(&visit, "request-title")
        .with_back("/")
        .with_errors(errors.clone());
    let page = if errors.is_empty() {
        page.with_next(["request-next-1", "request-next-2"])
    } else {
        page
    };
    pages.render(
        "request.html",
        &page,
        context! { phone => answer.phone, sent => errors.is_empty() },
    )
}

async fn case(State(pages): State<Pages>, visit: Visit) -> Response {
    let signed_in = SignedIn {
        name: "Sam Okafor".to_string(),
        role: "role-case-handler".into(),
        home: "/staff",
        sign_out: "/sign-out",
    };
    let item = |text: &'static str, current| NavigationItem {
        text: text.into(),
        href: "/staff".to_string(),
        current,
    };
    let page = Page::staff(&visit, "case-title", signed_in).with_navigation([
        item("nav-cases", true),
        item("nav-letters", false),
        item("nav-proof", false),
    ]);
    pages.render("case.html", &page, context! { imposed => "2026-11-23T14:03:22Z" })
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let pages = pages().map_err(std::io::Error::other)?;
    let routes = Router::new()
        .route("/", get(ask).post(answer))
        .route("/staff", get(case));
    let service = pages.guard(routes).with_state(pages.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8090").await?;
    axum::serve(listener, service).await
}
