//! The steps of the tour, in the order of the journey.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::IN_FORCE_WITHIN;
use super::browse::Browser;
use super::wire::{Police, Said, ask, forms};
use crate::demo::{Folder, Stack};
use crate::say;

/// The number that the police have barred: it stands on one approved list at the enabling prison.
const BARRED: &str = "07700 900123";
/// A number that nobody bars; at the enabling prison it is nobody's.
const UNLISTED: &str = "01632 960555";
/// Approved for one prisoner at the enabling prison.
const APPROVED: &str = "01632 960111";
const ALWAYS_ALLOWED: &str = "116 123";
const AT_BARRING: &str = "A1234BC";
const AT_ENABLING: &str = "A2345CD";
/// How long an attempt may take until the case shows it.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);

/// Walks all steps; the first that is not as it should be ends the tour.
pub(super) async fn all(folder: &Folder, stack: &mut Stack) -> Result<()> {
    let police = Police::new(stack.url(), folder.remembered()?.police_key);
    let mut told = Told {
        began: Instant::now(),
    };
    before_anything(stack)?;
    told.step("Before the request every gate lets the calls through that it should");
    let reference = refer(&police, stack, &mut told).await?;
    refused_in_every_form(stack)?;
    told.step("Both gates refuse the number in every form and from every caller");
    others_go_through(stack)?;
    told.step("Other numbers go through as before");
    sent_again(&police).await?;
    told.step("Sent again it is the same request; with another body it is a conflict");
    ask_publicly(stack, &mut told).await?;
    tell_intelligence(&police, &reference).await?;
    told.step("The police file intelligence");
    work_the_case(stack, &reference, &mut told).await?;
    letters(stack).await?;
    told.step("The mailroom shelves a letter to the barred address and passes another");
    prisons_and_audit(stack, &reference).await?;
    told.step("Security and the governor see their prison; the auditor sees who did and saw what");
    Ok(())
}

struct Told {
    began: Instant,
}

impl Told {
    /// One line for what was just seen, with the time since the line before.
    fn step(&mut self, what: &str) {
        say::line(&format!(
            "{:>7.0} ms  {what}",
            self.began.elapsed().as_secs_f64() * 1000.0
        ));
        self.began = Instant::now();
    }
}

fn expect(stack: &Stack, at_barring: bool, from: &str, dialled: &str, expected: Said) -> Result<()> {
    let gate = if at_barring {
        &stack.barring
    } else {
        &stack.enabling
    };
    let said = ask(gate.sip, from, dialled)?;
    ensure!(
        said == expected,
        "{} from {from} to {dialled}: {said:?} and not {expected:?}",
        gate.prison
    );
    Ok(())
}

fn before_anything(stack: &Stack) -> Result<()> {
    expect(stack, true, AT_BARRING, BARRED, Said::Allowed)?;
    expect(stack, false, AT_ENABLING, BARRED, Said::Allowed)?;
    expect(stack, false, AT_ENABLING, UNLISTED, Said::Refused)
}

/// The police refer by JSON; the bar is in force at both gates within two seconds of the first byte.
async fn refer(police: &Police, stack: &Stack, told: &mut Told) -> Result<String> {
    let began = Instant::now();
    let (status, receipt) = police.file("tour-referral", crate::demo::EXAMPLE).await?;
    ensure!(
        status == 201,
        "the referral was answered with {status}: {receipt}"
    );
    let bar = receipt["targets"][0]["bar"]
        .as_str()
        .context("the receipt names no bar")?;
    ensure!(
        receipt["targets"][1]["outcome"] == "barred",
        "the address was not barred: {receipt}"
    );
    told.step("The police refer by JSON: an interim bar in the same second");
    let proof = police.wait_in_force(bar, 2, IN_FORCE_WITHIN).await?;
    expect(stack, true, AT_BARRING, BARRED, Said::Refused)?;
    expect(stack, false, AT_ENABLING, BARRED, Said::Refused)?;
    let took = began.elapsed();
    ensure!(took < IN_FORCE_WITHIN, "in force only after {took:?}");
    proof_is_right(&proof)?;
    told.step(&format!(
        "In force at 2 of 3 prisons, {:.0} ms after the request's first byte; the third has no gate and is red",
        took.as_secs_f64() * 1000.0
    ));
    Ok(receipt["reference"]
        .as_str()
        .context("the receipt has no reference")?
        .to_owned())
}

fn proof_is_right(proof: &Value) -> Result<()> {
    ensure!(
        proof["prisons"] == 3,
        "the proof counts {} prisons and not 3",
        proof["prisons"]
    );
    ensure!(proof["at"].is_string(), "the proof says no time");
    let rows = proof["by_prison"]
        .as_array()
        .context("the proof has no prisons")?;
    let red: Vec<&Value> = rows.iter().filter(|row| row["covered"] == false).collect();
    ensure!(
        red.len() == 1 && red[0]["why_not"] == "no-gate",
        "the prison without a gate is not red: {proof}"
    );
    Ok(())
}

fn refused_in_every_form(stack: &Stack) -> Result<()> {
    for form in forms(BARRED) {
        for from in [AT_BARRING, "A4567EF", "generic", "official-chaplaincy", "nobody"] {
            expect(stack, true, from, &form, Said::Refused)?;
        }
        for from in [AT_ENABLING, "A3456DE", "generic", "official-chaplaincy", "nobody"] {
            expect(stack, false, from, &form, Said::Refused)?;
        }
    }
    Ok(())
}

fn others_go_through(stack: &Stack) -> Result<()> {
    for form in forms(UNLISTED) {
        expect(stack, true, AT_BARRING, &form, Said::Allowed)?;
    }
    for form in forms(APPROVED) {
        expect(stack, false, AT_ENABLING, &form, Said::Allowed)?;
        expect(stack, false, "A3456DE", &form, Said::Refused)?;
    }
    for from in [AT_BARRING, "generic", "official-chaplaincy", "nobody"] {
        expect(stack, true, from, ALWAYS_ALLOWED, Said::Allowed)?;
        expect(stack, false, from, ALWAYS_ALLOWED, Said::Allowed)?;
    }
    Ok(())
}

async fn sent_again(police: &Police) -> Result<()> {
    let first = police.file("tour-referral", crate::demo::EXAMPLE).await?;
    let second = police.file("tour-referral", crate::demo::EXAMPLE).await?;
    ensure!(
        first == second && first.0 < 300,
        "the same request had two receipts: {first:?}, {second:?}"
    );
    let other = crate::demo::EXAMPLE.replace("900123", "900124");
    let (status, _) = police.file("tour-referral", &other).await?;
    ensure!(
        status == 409,
        "another body under the same key was answered with {status}"
    );
    Ok(())
}

/// Somebody asks for herself through the form, without scripts.
async fn ask_publicly(stack: &Stack, told: &mut Told) -> Result<()> {
    let mut browser = Browser::new(&stack.url())?;
    browser.get("/").await?.must_say("Exit this page")?;
    let page = browser.get("/request").await?;
    let sealed = page.hidden("sealed")?;
    let wrong = browser
        .post(
            "/request",
            &[("step", "who"), ("sealed", &sealed), ("go", "next")],
        )
        .await?;
    ensure!(
        wrong.status == 422,
        "an empty page was answered with {}",
        wrong.status
    );
    let sealed = wrong.hidden("sealed")?;
    let who = [
        ("step", "who"),
        ("sealed", sealed.as_str()),
        ("go", "next"),
        ("asks", "self"),
        ("name", "Nia Example"),
        ("why", "He rings every evening."),
        ("channel", "none"),
    ];
    let sealed = browser.post("/request", &who).await?.hidden("sealed")?;
    let more = [
        ("step", "people"),
        ("sealed", sealed.as_str()),
        ("go", "add-number:0"),
    ];
    let sealed = browser.post("/request", &more).await?.hidden("sealed")?;
    let people = [
        ("step", "people"),
        ("sealed", sealed.as_str()),
        ("go", "next"),
        ("people-0-name", "Nia Example"),
        ("people-0-numbers-0", "+44 (0)7700 900456"),
        ("people-0-numbers-1", "01632 960777"),
        ("people-0-addresses-0", "3 Mill Cottages\nNorthmoor"),
        ("people-0-postcodes-0", "ZZ9 7AB"),
    ];
    let sealed = browser.post("/request", &people).await?.hidden("sealed")?;
    let prisoner = [
        ("step", "prisoner"),
        ("sealed", sealed.as_str()),
        ("go", "next"),
        ("first-name", "Danny"),
        ("last-name", "Hartley"),
        ("born-day", "14"),
        ("born-month", "3"),
        ("born-year", "1988"),
    ];
    let sealed = browser.post("/request", &prisoner).await?.hidden("sealed")?;
    let safety = [
        ("step", "safety"),
        ("sealed", sealed.as_str()),
        ("go", "next"),
        ("life-at-risk", "no"),
        ("risks", "stalking"),
    ];
    let sealed = browser.post("/request", &safety).await?.hidden("sealed")?;
    let done = browser
        .post(
            "/request",
            &[("step", "check"), ("sealed", &sealed), ("go", "submit")],
        )
        .await?;
    done.must_say("id=\"reference\"")?
        .must_say("we have told prisons to refuse calls to it")?;
    wait_until("the number asked for publicly is refused", || {
        Ok(
            ask(stack.barring.sip, AT_BARRING, "07700900456")? == Said::Refused
                && ask(stack.barring.sip, "generic", "01632960777")? == Said::Refused,
        )
    })
    .await?;
    told.step("A member of the public asks through the form: both her numbers are refused");
    Ok(())
}

async fn tell_intelligence(police: &Police, reference: &str) -> Result<()> {
    let told = json!({
        "kind": "proxy", "reference": reference, "number": "07700 900888",
        "account": "A cellmate is said to ring for him.",
    });
    let (status, answer) = police.tell(&told).await?;
    ensure!(
        status == 201 || status == 202,
        "intelligence was answered with {status}: {answer}"
    );
    Ok(())
}

/// A handler locates, assesses and confirms; the attempt is on the page; narrowing takes a second handler.
async fn work_the_case(stack: &Stack, reference: &str, told: &mut Told) -> Result<()> {
    let mut handler = Browser::sign_in(&stack.url(), "Anwen Pugh").await?;
    handler.get("/cases").await?.must_say(reference)?;
    let case = format!("/cases/{reference}");
    handler.get(&case).await?.must_say("14 Orchard Rise")?;
    told.step("A case handler finds the case in the queue and opens it");
    attempt_is_shown(stack, &mut handler, &case).await?;
    told.step("The refused call stands on the case");
    let found = [
        ("first-name", "Danny"),
        ("last-name", "Hartley"),
        ("born-day", "14"),
        ("born-month", "3"),
        ("born-year", "1988"),
    ];
    handler
        .post(&format!("{case}/locate"), &found)
        .await?
        .must_say(AT_BARRING)?;
    handler
        .post(&format!("{case}/confirm-prisoner"), &[("prisoner", AT_BARRING)])
        .await?
        .must_say(AT_BARRING)?;
    told.step("She locates the prisoner from a nickname and a date of birth");
    let review = next_year();
    let assessment = [
        ("ground", "unwanted-contact"),
        ("necessity", "Calls continue against her wish."),
        ("proportionality", "Only her number and address are barred."),
        ("consent", "given"),
        ("relationship", "former-partner"),
        ("review-day", "1"),
        ("review-month", "6"),
        ("review-year", review.as_str()),
    ];
    let assessed = handler.post(&format!("{case}/assess"), &assessment).await?;
    ensure!(
        assessed.status == 200,
        "the assessment was answered with {}",
        assessed.status
    );
    let decided = handler
        .post(&format!("{case}/decide"), &[("decision", "confirm")])
        .await?;
    ensure!(
        decided.status == 200,
        "the decision was answered with {}",
        decided.status
    );
    handler.get(&case).await?.must_say("2 of 3 prisons")?;
    told.step("She assesses and confirms for the whole estate; the page shows the proof");
    two_people_narrow(stack, &mut handler, &case).await?;
    told.step("A narrowing waits for a second handler; she herself cannot approve it");
    Ok(())
}

fn next_year() -> String {
    let now = hub::seams::Seams::real().clock.now();
    (now.to_zoned_datetime(jiff::tz::TimeZone::UTC).year() + 1).to_string()
}

async fn attempt_is_shown(stack: &Stack, handler: &mut Browser, case: &str) -> Result<()> {
    expect(stack, true, "official-chapel", BARRED, Said::Refused)?;
    let began = Instant::now();
    while began.elapsed() < SHOWN_WITHIN {
        if handler.get(case).await?.html.contains("chapel") {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("after {SHOWN_WITHIN:?} the attempt does not stand on the case")
}

async fn two_people_narrow(stack: &Stack, handler: &mut Browser, case: &str) -> Result<()> {
    let version = handler.get(case).await?.hidden("version")?;
    let narrow = [
        ("version", version.as_str()),
        ("decision", "narrow"),
        ("reason", "Only he rings her; another prisoner is her son."),
    ];
    handler.post(&format!("{case}/decide"), &narrow).await?;
    expect(stack, true, "A4567EF", BARRED, Said::Refused)?;
    let mut second = Browser::sign_in(&stack.url(), "Tom Okafor").await?;
    // One proposal for each of the case's bars: the number's and the address's.
    let proposals = second.get("/proposals").await?.proposals();
    ensure!(
        proposals.len() == 2,
        "{} proposals wait and not 2",
        proposals.len()
    );
    for proposal in &proposals {
        let approve = format!("/proposals/{proposal}/approve");
        let own = handler.post(&approve, &[]).await?;
        expect(stack, true, "A4567EF", BARRED, Said::Refused)
            .with_context(|| format!("after the proposer's own approval (status {})", own.status))?;
    }
    for proposal in &proposals {
        let approved = second
            .post(&format!("/proposals/{proposal}/approve"), &[])
            .await?;
        ensure!(
            approved.status == 200,
            "the second handler's approval was answered with {}",
            approved.status
        );
    }
    wait_until("the number is refused for him alone", || {
        Ok(ask(stack.barring.sip, "A4567EF", BARRED)? == Said::Allowed)
    })
    .await?;
    expect(stack, true, AT_BARRING, BARRED, Said::Refused)?;
    expect(stack, true, "generic", BARRED, Said::Refused)
}

async fn wait_until(what: &str, is_so: impl Fn() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    while !is_so()? {
        ensure!(
            began.elapsed() < IN_FORCE_WITHIN,
            "not within {IN_FORCE_WITHIN:?}: {what}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

async fn letters(stack: &Stack) -> Result<()> {
    let mut clerk = Browser::sign_in(&stack.url(), "Meg Rowe (Moorland)").await?;
    let barred = [
        ("address", "Carys Bevan\n14 Orchard Rise\nNorthmoor\nZZ9 4QT"),
        ("sender", AT_BARRING),
    ];
    clerk
        .post("/mailroom", &barred)
        .await?
        .must_say("shell-answer-code")?;
    for house in 51..60 {
        let address = format!("{house} Harbour Walk\nSouthmoor\nZZ8 1XY");
        let page = clerk
            .post("/mailroom", &[("address", &address), ("sender", AT_BARRING)])
            .await?;
        if page.html.contains("shell-answer-pass") {
            return Ok(());
        }
    }
    bail!("no other letter passes")
}

async fn prisons_and_audit(stack: &Stack, reference: &str) -> Result<()> {
    for name in ["Lee Barker (Moorland)", "Ruth Castle (Moorland)"] {
        let page = Browser::sign_in(&stack.url(), name).await?.get("/prison").await?;
        ensure!(
            page.status == 200,
            "{name}'s prison page was answered with {}",
            page.status
        );
        for never in ["900123", "Bevan", "Orchard"] {
            ensure!(!page.html.contains(never), "the page of {name} says {never}");
        }
    }
    let mut auditor = Browser::sign_in(&stack.url(), "Harriet Stone").await?;
    let page = auditor.get(&format!("/audit?case={reference}")).await?;
    page.must_say("Anwen Pugh")?
        .must_say("Tom Okafor")?
        .must_say(reference)?;
    let not_theirs = auditor.get(&format!("/cases/{reference}")).await?;
    ensure!(
        not_theirs.status == 403 || not_theirs.status == 404,
        "an auditor opened a case"
    );
    Ok(())
}
