//! The canaries typed into the pages: by the public, and signed in as everybody of the demo. Every link is
//! followed and every form is sent, first with what does not belong in its fields, then with what does; forms on
//! the pages that answer are sent in turn. Then each page of the router's table that was not reached so is asked
//! for with canaries in its path and its body.

mod fill;
mod visitor;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Result;
use hub::web::{Methods, PageRoute};
use reqwest::Method;
use upcs::say;

use super::html::{Form, forms, links, pattern};
use super::plant::Canaries;
use crate::clients::Answer;
use crate::house::House;
use crate::search::Heap;
use fill::{TRIES, filled};
use visitor::Visitor;

/// Most pages that one visitor opens.
const PAGES: usize = 60;
/// Most forms that one visitor sends.
const FORMS: usize = 150;

/// What all visitors saw.
#[derive(Default)]
struct Seen {
    heaps: Vec<Heap>,
    statuses: BTreeMap<u16, usize>,
    /// Method and path of what was answered without an error.
    reached: BTreeSet<(String, String)>,
}

/// Types them in. Gives what must hold no canary: every answer's header fields, and bodies of refusals. A page
/// that shows a form again, or a case to its handler, shows what was typed; that is its purpose.
pub(crate) fn drive(house: &House, canaries: &Canaries, reference: &str) -> Result<Vec<Heap>> {
    let mut seen = Seen::default();
    let mut public = Visitor::new(house.url())?;
    let accounts = accounts(&mut public)?;
    walk(&mut public, "/request", canaries, reference, &mut seen)?;
    for account in &accounts {
        let mut visitor = Visitor::new(house.url())?;
        visitor.post("/sign-in", account)?;
        walk(&mut visitor, "/", canaries, reference, &mut seen)?;
        strays(&mut visitor, canaries, reference, &mut seen)?;
    }
    strays(&mut public, canaries, reference, &mut seen)?;
    let pages = hub::web::pages();
    let reached = pages.iter().filter(|page| seen.has_reached(page)).count();
    say::line(&format!(
        "  pages: {} visitors, {} answers, by status {:?}; {reached} of {} pages reached without an error",
        accounts.len() + 1,
        seen.heaps.len(),
        seen.statuses,
        pages.len(),
    ));
    anyhow::ensure!(
        reached * 2 > pages.len(),
        "fewer than half of the pages were reached: the search shows too little"
    );
    Ok(seen.heaps)
}

impl Seen {
    fn take(&mut self, method: &Method, path: &str, answer: &Answer) {
        *self.statuses.entry(answer.status).or_default() += 1;
        if answer.status < 400 {
            self.reached.insert((method.to_string(), pattern(path)));
        }
        let is_refusal = answer.status > 400 && answer.status != 422;
        let body = if is_refusal { answer.body.as_str() } else { "" };
        let place = format!("the answer {} to {method} {}", answer.status, pattern(path));
        self.heaps.push(Heap {
            place,
            bytes: format!("{}\n{body}", answer.headers).into_bytes(),
        });
    }

    fn has_reached(&self, page: &PageRoute) -> bool {
        let parts = page
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let method = if page.methods == Methods::Post {
            "POST"
        } else {
            "GET"
        };
        self.reached.contains(&(method.to_owned(), path))
    }
}

/// What the role chooser posts for each account.
fn accounts(public: &mut Visitor) -> Result<Vec<Vec<(String, String)>>> {
    let chooser = public.get("/sign-in")?;
    let posted = |form: Form| {
        form.fields
            .into_iter()
            .map(|field| (field.name, field.value))
            .collect()
    };
    Ok(forms(&chooser.body)
        .into_iter()
        .filter(|form| form.action == "/sign-in")
        .map(posted)
        .collect())
}

fn walk(
    visitor: &mut Visitor,
    from: &str,
    canaries: &Canaries,
    reference: &str,
    seen: &mut Seen,
) -> Result<()> {
    let mut paths = VecDeque::from([from.to_owned()]);
    let (mut known, mut sent, mut forms_sent) = (BTreeSet::new(), BTreeMap::new(), 0);
    let mut bodies: VecDeque<String> = VecDeque::new();
    loop {
        // Forms first: what a form opens is part of the same journey.
        if let Some(body) = bodies.pop_front() {
            paths.extend(links(&body));
            for form in forms(&body)
                .into_iter()
                .filter(|form| form.is_post && !leaves(&form.action))
            {
                let tries: &mut usize = sent.entry(form.key()).or_default();
                if *tries < TRIES && forms_sent < FORMS {
                    let fields = filled(&form, canaries, reference, *tries);
                    *tries += 1;
                    forms_sent += 1;
                    let answer = visitor.post(&form.action, &fields)?;
                    seen.take(&Method::POST, &form.action, &answer);
                    paths.extend(answer.location());
                    bodies.push_back(answer.body);
                    // The same page once more, for the next try.
                    bodies.push_back(body.clone());
                }
            }
        } else if let Some(path) = paths.pop_front() {
            if known.len() < PAGES && !leaves(&path) && known.insert(path.clone()) {
                let answer = visitor.get(&path)?;
                seen.take(&Method::GET, &path, &answer);
                paths.extend(answer.location());
                bodies.push_back(answer.body);
            }
        } else {
            return Ok(());
        }
    }
}

/// What ends the visit, and files that are no pages.
fn leaves(path: &str) -> bool {
    ["/sign-out", "/exit", "/assets", "/sign-in"]
        .iter()
        .any(|out| path.starts_with(out))
}

/// Every page of the table, with canaries where something is named, whoever asks.
fn strays(visitor: &mut Visitor, canaries: &Canaries, reference: &str, seen: &mut Seen) -> Result<()> {
    let word = canaries.email.split('@').next().unwrap_or_default();
    let number = crate::numbers::digits(&canaries.number);
    let body = vec![
        ("name".to_owned(), canaries.name.clone()),
        ("number".to_owned(), canaries.number.clone()),
        (canaries.email.clone(), canaries.account.clone()),
    ];
    let pages = hub::web::pages();
    let pages = pages.iter().filter(|page| !leaves(page.path));
    // One of three names for each page, another one for the next visitor.
    let names = [reference, word, &number]
        .into_iter()
        .cycle()
        .skip(seen.heaps.len() % 3);
    for (page, named) in pages.zip(names) {
        let parts = page
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { named } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let answer = visitor.post(&path, &body)?;
        seen.take(&Method::POST, &path, &answer);
        let answer = visitor.get(&format!("{path}?about={word}"))?;
        seen.take(&Method::GET, &path, &answer);
    }
    Ok(())
}
