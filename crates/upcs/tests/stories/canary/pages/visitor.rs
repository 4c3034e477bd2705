//! Somebody with a browser of no other abilities than links, forms and cookies.

use std::collections::BTreeMap;

use anyhow::Result;
use reqwest::Method;

use crate::clients::{Answer, Http, Sent};

/// One visitor with cookies of his own.
pub(crate) struct Visitor {
    http: Http,
    url: String,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    pub(crate) fn new(url: String) -> Result<Self> {
        Ok(Self {
            http: Http::new()?,
            url,
            cookies: BTreeMap::new(),
        })
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, Vec::new())
    }

    /// Sends a form as a page of the same site does.
    pub(crate) fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<Answer> {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        self.send(Method::POST, path, body.join("&").into_bytes())
    }

    fn send(&mut self, method: Method, path: &str, body: Vec<u8>) -> Result<Answer> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut headers = vec![
            ("Cookie".to_owned(), cookies.join("; ")),
            ("Origin".to_owned(), self.url.clone()),
            ("Sec-Fetch-Site".to_owned(), "same-origin".to_owned()),
        ];
        if method == Method::POST {
            headers.push((
                "Content-Type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ));
        }
        let answer = self.http.send(Sent {
            method,
            url: format!("{}{path}", self.url),
            headers,
            body,
        })?;
        for set in answer.fields("set-cookie") {
            let pair = set.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(answer)
    }
}

impl Answer {
    /// The values of a header field.
    fn fields(&self, name: &str) -> Vec<String> {
        let lines = self.headers.lines().filter_map(|line| line.split_once(": "));
        lines
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value.to_owned())
            .collect()
    }

    /// Where a redirect leads, on the same site.
    pub(crate) fn location(&self) -> Option<String> {
        self.fields("location")
            .into_iter()
            .find(|location| location.starts_with('/'))
    }
}

fn escaped(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}
