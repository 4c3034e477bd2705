//! A browser without scripts, as far as the tour needs one: pages, forms, cookies.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response, redirect};

/// One person at one browser.
pub(super) struct Browser {
    http: Client,
    url: String,
    cookies: BTreeMap<String, String>,
}

/// A page as it came.
pub(super) struct Shown {
    /// The status.
    pub(super) status: u16,
    /// The HTML.
    pub(super) html: String,
}

impl Browser {
    /// Opens a browser at a hub.
    pub(super) fn new(url: &str) -> Result<Self> {
        let http = Client::builder()
            .redirect(redirect::Policy::none())
            .build()
            .context("no client")?;
        Ok(Self {
            http,
            url: url.to_owned(),
            cookies: BTreeMap::new(),
        })
    }

    /// Signs in as an account of the demo, by its name.
    pub(super) async fn sign_in(url: &str, name: &str) -> Result<Self> {
        let mut browser = Self::new(url)?;
        let chooser = browser.get("/sign-in").await?;
        let before = chooser.html.find(&format!("<strong>{name}</strong>"));
        let before = &chooser.html[..before.with_context(|| format!("nobody is called {name}"))?];
        let account = last_value(before, "account").context("the role chooser has no accounts")?;
        browser.post("/sign-in", &[("account", &account)]).await?;
        match browser.cookies.contains_key("session") {
            true => Ok(browser),
            false => bail!("{name} could not sign in"),
        }
    }

    /// Reads a page, following where it leads.
    pub(super) async fn get(&mut self, path: &str) -> Result<Shown> {
        let sent = self.http.get(format!("{}{path}", self.url));
        let response = self.send(sent).await?;
        self.follow(response).await
    }

    /// Sends a form, following where it leads.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Shown> {
        let sent = self
            .http
            .post(format!("{}{path}", self.url))
            .header(ORIGIN, &self.url);
        let form: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        let sent = sent
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.join("&"));
        let response = self.send(sent).await?;
        self.follow(response).await
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Response> {
        let kept: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = if kept.is_empty() {
            request
        } else {
            request.header(COOKIE, kept.join("; "))
        };
        let response = request.send().await.context("the hub did not answer")?;
        for set in response.headers().get_all(SET_COOKIE) {
            let set = set
                .to_str()
                .unwrap_or_default()
                .split(';')
                .next()
                .unwrap_or_default();
            if let Some((name, value)) = set.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Ok(response)
    }

    async fn follow(&mut self, mut response: Response) -> Result<Shown> {
        for _ in 0..5 {
            let Some(to) = response.headers().get(LOCATION) else {
                let status = response.status().as_u16();
                return Ok(Shown {
                    status,
                    html: response.text().await.context("the page broke off")?,
                });
            };
            let to = to.to_str().unwrap_or("/").to_owned();
            let sent = self.http.get(format!("{}{to}", self.url));
            response = self.send(sent).await?;
        }
        bail!("the pages lead round in a circle")
    }
}

impl Shown {
    /// Fails unless the page says this.
    pub(super) fn must_say(&self, text: &str) -> Result<&Self> {
        if self.html.contains(text) {
            return Ok(self);
        }
        bail!("a page (status {}) does not say: {text}", self.status)
    }

    /// The value of the first hidden field of this name.
    pub(super) fn hidden(&self, name: &str) -> Result<String> {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
            .map(str::to_owned)
    }

    /// The proposals that can be approved on the page.
    pub(super) fn proposals(&self) -> Vec<String> {
        let pieces = self.html.split("/proposals/").skip(1);
        pieces
            .filter_map(|piece| piece.split_once("/approve\"").map(|(id, _)| id))
            .filter(|id| id.len() < 40)
            .map(str::to_owned)
            .collect()
    }

    /// What stands between two pieces of the page, the first time.
    pub(super) fn between(&self, before: &str, after: &str) -> Result<&str> {
        let rest = self.html.split_once(before).map(|(_, rest)| rest);
        let found = rest
            .and_then(|rest| rest.split_once(after))
            .map(|(found, _)| found);
        found.with_context(|| format!("a page (status {}) has nothing after {before}", self.status))
    }
}

/// The value of the last field of this name in a piece of a page.
fn last_value(html: &str, name: &str) -> Option<String> {
    let start = format!("name=\"{name}\" value=\"");
    let at = html.rfind(&start)? + start.len();
    Some(html[at..].split('"').next()?.to_owned())
}

fn escape(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
