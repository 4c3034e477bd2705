//! Who the prisoner is: those who may be meant, with the evidence in words; a person confirms one of them.

use std::sync::Arc;

use casework::{KnownOfPrisoner, Personal};
use offender::{BirthDate, Candidate, Outcome, PrisonerRecord};
use pages::FieldErrors;
use prison::PrisonerNumber;
use serde::Serialize;

use super::alerted::{self, Alert};
use super::evidence::Evidence;
use super::{Posted, Shown, calls, show};
use crate::custody::Located;
use crate::error::HubError;
use crate::store::{ByNumber, CaseFile, NamedElsewhere, SameBy, StoreError};
use crate::web::site::{PageError, Site};
use crate::web::staff::desk::{Answer, Desk, Told};
use crate::web::staff::fields::Fields;
use crate::web::staff::{frame, words};

/// Ages that a prisoner may have.
const AGES: std::ops::RangeInclusive<u8> = 15..=110;

/// What the handler searched for.
pub(super) struct Asked {
    known: KnownOfPrisoner,
    /// Only those with an alert on their record whom the prison holds.
    alerted: bool,
}

/// The search, as the page shows it.
#[derive(Serialize)]
pub(super) struct Search {
    /// What was asked, field by field, to be shown again and confirmed with.
    asked: Fields,
    /// The handler has just searched.
    again: bool,
    /// Only those with an alert on their record were asked for.
    alerted: bool,
    outcome: Option<String>,
    would_decide: Option<String>,
    candidates: Vec<Prisoner>,
    /// There are more than are listed.
    more: bool,
}

/// One prisoner who may be meant.
#[derive(Serialize)]
pub(super) struct Prisoner {
    #[serde(skip)]
    pub(super) prisoner: PrisonerNumber,
    number: String,
    name: String,
    born: Option<BirthDate>,
    held: Option<String>,
    /// On what ground, in the prison service's word.
    legal: Option<String>,
    /// What stands on his record of contact, harassment, stalking and violence at home.
    pub(super) alerts: Vec<Alert>,
    /// Not among the likeliest, and shown for his alerts.
    near: bool,
    evidence: Option<Evidence>,
}

/// Searches again. The answer is the page itself: what was searched for stands in no address.
pub(super) async fn search(posted: Posted) -> Answer {
    let mut told = Told::default();
    let known = read(&posted.fields, &mut told.errors);
    let alerted = posted.fields.has("alerted");
    if alerted && !alerted::names_a_prison(&known) {
        told.errors.add("prison", "prisoner-error-alerted-prison");
    }
    let shown = Shown {
        told,
        search: Some(Asked { known, alerted }),
        ..Shown::default()
    };
    show(&posted.desk, posted.key(), shown).await
}

/// A person says that this prisoner is meant. The evidence is weighed again from what was asked, and kept.
pub(super) async fn confirm(posted: Posted) -> Answer {
    let Posted { desk, fields, .. } = &posted;
    let prisoner: PrisonerNumber = fields.text("prisoner").parse().map_err(|_| HubError::NotFound)?;
    let known = read(fields, &mut FieldErrors::new());
    let Weighed { model, candidate } = weighed_alone(&desk.site, known, prisoner).await?;
    let evidence = match calls::as_evidence(fields) {
        Some(search) => serde_json::json!({ "callSearch": search, "candidate": candidate }).to_string(),
        None => serde_json::to_string(&candidate).map_err(|_| HubError::Unavailable)?,
    };
    let evidence = Personal::new(&evidence);
    let confirmed = desk
        .store()
        .locate_prisoner(&desk.actor, posted.case, prisoner, &evidence, &model)
        .await;
    let confirmed = confirmed.map(|()| ("prisoner", "located"));
    posted.answer(confirmed, "prisoner").await
}

/// The handler says that the prisoner whom the page names is the wrong man.
pub(super) async fn reject(posted: Posted) -> Answer {
    let prisoner: PrisonerNumber = posted
        .fields
        .text("prisoner")
        .parse()
        .map_err(|_| HubError::NotFound)?;
    let desk = &posted.desk;
    let rejected = desk.store().reject_prisoner(&desk.actor, posted.case, prisoner);
    let rejected = rejected.await.map(|()| ("prisoner", "prisoner-rejected"));
    posted.answer(rejected, "prisoner").await
}

/// By what the hub itself confirmed the prisoner; none where a person did.
pub(super) fn by_number(file: &CaseFile) -> Option<ByNumber> {
    let newest = file.locations.first()?;
    let stands = file.state.prisoner() == Some(newest.prisoner);
    stands.then(|| ByNumber::of_evidence(&newest.evidence)).flatten()
}

/// The handler has heard that he goes out.
pub(super) async fn going_out(posted: Posted) -> Answer {
    let desk = &posted.desk;
    let noted = desk.store().note_release(&desk.actor, posted.case).await;
    posted
        .answer(noted.map(|()| ("prisoner", "release-noted")), "prisoner")
        .await
}

/// The search that the page shows: what the handler asked, else what the request says, unless the prisoner
/// is confirmed already.
pub(super) async fn for_page(
    desk: &Desk,
    file: &CaseFile,
    asked: Option<&Asked>,
) -> Result<Search, PageError> {
    let known = asked.map_or_else(|| named(file), |asked| asked.known.clone());
    let mut search = Search {
        asked: written(&known),
        again: asked.is_some(),
        alerted: asked.is_some_and(|asked| asked.alerted),
        outcome: None,
        would_decide: None,
        candidates: Vec::new(),
        more: false,
    };
    let anything = known != KnownOfPrisoner::default();
    if search.alerted {
        list_alerted(desk, file, known, &mut search).await?;
    } else if anything && (asked.is_some() || file.state.prisoner().is_none()) {
        rank(desk, known, &mut search).await?;
    }
    alerted::put_beside(desk, &mut search.candidates).await?;
    Ok(search)
}

/// The likeliest, and where none of them clearly fits also those who fit about as well and have an alert.
async fn rank(desk: &Desk, known: KnownOfPrisoner, search: &mut Search) -> Result<(), PageError> {
    let Located { answer, near } = weighed(&desk.site, known).await?;
    let near = match answer.outcome {
        Outcome::Choose => alerted::with_alert(desk, near).await?,
        _ => Vec::new(),
    };
    search.outcome = Some(words::code(answer.outcome));
    search.would_decide = answer.would_decide.map(words::code);
    let candidates = answer.candidates.iter().map(|one| shown(&desk.site, one));
    let near = near.iter().map(|one| Prisoner {
        near: true,
        ..shown(&desk.site, one)
    });
    search.candidates = candidates.chain(near).collect();
    Ok(())
}

async fn list_alerted(
    desk: &Desk,
    file: &CaseFile,
    known: KnownOfPrisoner,
    search: &mut Search,
) -> Result<(), PageError> {
    let (listed, more) = alerted::listed(desk, file, known).await?;
    let outcome = if listed.is_empty() {
        "alerted-none"
    } else {
        "alerted"
    };
    search.outcome = Some(outcome.to_owned());
    search.candidates = listed.iter().map(|one| shown(&desk.site, one)).collect();
    search.more = more;
    Ok(())
}

/// What the newest request says of the prisoner.
fn named(file: &CaseFile) -> KnownOfPrisoner {
    let newest = file.requests.last();
    newest
        .map(|filed| filed.request.prisoner.clone())
        .unwrap_or_default()
}

/// A prisoner whom the case's own history names.
#[derive(Serialize)]
pub(super) struct Elsewhere {
    #[serde(flatten)]
    prisoner: Prisoner,
    reference: String,
    state: String,
    /// Confirmed in this very case before.
    here: bool,
    /// By what that case is about the same person, where they share no number.
    same: Option<&'static str>,
}

/// Whom the case's own history names, but for its prisoner now.
pub(super) async fn elsewhere(desk: &Desk, file: &CaseFile) -> Result<Vec<Elsewhere>, PageError> {
    let mut others = file.elsewhere.clone();
    for named in about_the_same(desk, file).await? {
        let known =
            |other: &NamedElsewhere| (&other.reference, other.prisoner) == (&named.reference, named.prisoner);
        if !others.iter().any(known) {
            others.push(named);
        }
    }
    others.retain(|named| file.state.prisoner() != Some(named.prisoner));
    let on_record = others.iter().map(|named| on_record(&desk.site, named.prisoner));
    let mut prisoners: Vec<Prisoner> = on_record.collect();
    alerted::put_beside(desk, &mut prisoners).await?;
    let shown = prisoners
        .into_iter()
        .zip(others)
        .map(|(prisoner, named)| Elsewhere {
            prisoner,
            reference: named.reference.to_string(),
            state: named.state.clone(),
            here: named.reference == file.reference,
            same: named.same.map(|same| match same {
                SameBy::NameAndBirth => "birth",
                SameBy::NameAndAddress => "address",
            }),
        });
    Ok(shown.collect())
}

/// Prisoners of other cases about the same protected person. A request that cannot be opened keeps this history back
/// and not the page: what is barred must be seen.
async fn about_the_same(desk: &Desk, file: &CaseFile) -> Result<Vec<NamedElsewhere>, PageError> {
    let store = desk.store();
    let requests = file.requests.iter().map(|filed| &filed.request);
    let applications = &desk.site.hub.applications;
    let others = match applications.about_the_same(store, file.case, requests).await {
        Ok(others) => others,
        Err(error @ StoreError::Damaged { .. }) => {
            tracing::error!(%error, "other cases about the same person cannot be looked for");
            return Ok(Vec::new());
        }
        Err(error) => return Err(error.into()),
    };
    Ok(store
        .named_about_the_same(&desk.actor, file.case, &others)
        .await?)
}

/// The prisoner whom somebody has confirmed.
pub(super) async fn located(desk: &Desk, file: &CaseFile) -> Result<Option<Prisoner>, PageError> {
    let prisoner = file.state.prisoner();
    let mut located = prisoner.map(|number| on_record(&desk.site, number));
    alerted::put_beside(desk, located.as_mut_slice()).await?;
    Ok(located)
}

/// A prisoner as he is on record, without evidence and alerts.
pub(super) fn on_record(site: &Site, number: PrisonerNumber) -> Prisoner {
    described(number, site.hub.custody.prisoner(number).as_ref(), None)
}

async fn weighed(site: &Site, known: KnownOfPrisoner) -> Result<Located, PageError> {
    let hub = Arc::clone(&site.hub);
    let now = hub.seams.clock.now();
    let weighing = tokio::task::spawn_blocking(move || hub.custody.locate_near(&known, now)).await;
    weighing.map_err(|_| PageError(HubError::Unavailable))
}

/// What speaks for one prisoner, and by which model.
struct Weighed {
    model: String,
    candidate: Option<Candidate>,
}

/// He need not be among the likeliest: a handler may confirm whom an alert or an earlier case brought up.
async fn weighed_alone(
    site: &Site,
    known: KnownOfPrisoner,
    prisoner: PrisonerNumber,
) -> Result<Weighed, PageError> {
    let hub = Arc::clone(&site.hub);
    let now = hub.seams.clock.now();
    let weighing = tokio::task::spawn_blocking(move || Weighed {
        model: hub.custody.model(),
        candidate: hub.custody.weigh(&known, &[prisoner], now).pop(),
    });
    weighing.await.map_err(|_| PageError(HubError::Unavailable))
}

fn shown(site: &Site, candidate: &Candidate) -> Prisoner {
    let (number, custody) = (candidate.prisoner_number, &site.hub.custody);
    let evidence = Evidence::of(candidate, custody.prisoners());
    described(number, custody.prisoner(number).as_ref(), Some(evidence))
}

fn described(
    number: PrisonerNumber,
    record: Option<&PrisonerRecord>,
    evidence: Option<Evidence>,
) -> Prisoner {
    let name = record.map(|record| format!("{} {}", record.first_name, record.last_name));
    let held = record
        .filter(|record| record.status.in_custody())
        .and_then(|record| record.prison_id);
    Prisoner {
        prisoner: number,
        number: number.to_string(),
        name: name.unwrap_or_default().trim().to_owned(),
        born: record.and_then(|record| record.date_of_birth),
        held: held
            .filter(prison::PrisonId::is_establishment)
            .map(frame::prison_name),
        legal: record.and_then(|record| record.legal_status.as_deref().map(words::legal_status)),
        alerts: Vec::new(),
        near: false,
        evidence,
    }
}

/// What the fields say; what cannot be read is left out and told beside its field.
fn read(fields: &Fields, errors: &mut FieldErrors) -> KnownOfPrisoner {
    let date_of_birth = fields.date("born").unwrap_or_else(|_| {
        errors.add("born-day", "prisoner-error-born");
        None
    });
    let age = fields.text("age");
    let age_years = age.parse().ok().filter(|age| AGES.contains(age));
    if !age.is_empty() && age_years.is_none() {
        errors.add("age", "prisoner-error-age");
    }
    let others = fields.text("other-names").split([',', '\n']).map(Personal::new);
    KnownOfPrisoner {
        first_name: fields.given("first-name"),
        last_name: fields.given("last-name"),
        other_names: others.filter(|name| !name.is_blank()).collect(),
        prison_number: fields.given("prison-number"),
        date_of_birth,
        age_years,
        prison: fields.given("prison"),
        offence: fields.given("offence"),
    }
}

fn written(known: &KnownOfPrisoner) -> Fields {
    let mut fields = Fields::default();
    let text = |value: &Option<Personal>| {
        value
            .as_ref()
            .map(|value| value.expose().to_owned())
            .unwrap_or_default()
    };
    fields.put("first-name", &text(&known.first_name));
    fields.put("last-name", &text(&known.last_name));
    let others: Vec<&str> = known.other_names.iter().map(Personal::expose).collect();
    fields.put("other-names", &others.join(", "));
    fields.put("prison-number", &text(&known.prison_number));
    fields.put("prison", &text(&known.prison));
    fields.put("offence", &text(&known.offence));
    if let Some(age) = known.age_years {
        fields.put("age", &age.to_string());
    }
    if let Some(born) = known.date_of_birth {
        fields.put_date("born", born);
    }
    fields
}
