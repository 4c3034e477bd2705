//! Styles, behaviour and images, served from the binary under an address that holds the hash of them all:
//! a browser may keep what it fetched, and a new release has new addresses.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use crate::headers::{IsWorker, MayBeKept};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/static"]
struct Files;

/// Sixteen hexadecimal digits over the names and contents of all assets.
pub(crate) fn edition() -> String {
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    let mut hasher = blake3::Hasher::new();
    for (name, file) in names.iter().filter_map(|name| Some((name, Files::get(name)?))) {
        hasher
            .update(name.as_bytes())
            .update(&(file.data.len() as u64).to_le_bytes())
            .update(&file.data);
    }
    hasher.finalize().to_hex()[..16].to_string()
}

/// The address of an asset, or none if there is no such file.
pub(crate) fn address(edition: &str, name: &str) -> Option<String> {
    Files::get(name).map(|_| format!("/assets/{edition}/{name}"))
}

pub(crate) fn router<S: Clone + Send + Sync + 'static>(edition: String) -> Router<S> {
    let serve = move |Path((asked, name)): Path<(String, String)>| {
        let answer = if asked == edition {
            file(&name)
        } else {
            StatusCode::NOT_FOUND.into_response()
        };
        std::future::ready(answer)
    };
    Router::new().route("/assets/{edition}/{*name}", get(serve))
}

fn file(name: &str) -> Response {
    let (Some(file), Some(kind)) = (Files::get(name), content_type(name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers: [(HeaderName, HeaderValue); 2] = [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
    ];
    let mut response = (headers, file.data.into_owned()).into_response();
    response.extensions_mut().insert(MayBeKept);
    response
}

/// A script that runs beside pages, under an address of its own: where it stands says which pages it may look at.
pub(crate) fn worker(name: &str) -> Response {
    let Some(file) = Files::get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    let mut response = (kind, file.data.into_owned()).into_response();
    response.extensions_mut().insert(IsWorker);
    response
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        _ => return None,
    })
}
