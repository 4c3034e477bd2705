//! What is typed into a form.

use super::super::html::{Field, Form, Kind};
use super::super::plant::Canaries;

/// How often each form is sent: once with what does not belong in its fields, then with what does, each time
/// with other choices.
pub(super) const TRIES: usize = 4;

/// The fields of a form as they are sent.
pub(super) fn filled(form: &Form, canaries: &Canaries, reference: &str, at: usize) -> Vec<(String, String)> {
    let mut sent: Vec<(String, String)> = Vec::new();
    for field in &form.fields {
        match field.kind {
            Kind::Hidden => sent.push((field.name.clone(), field.value.clone())),
            Kind::Checkbox if at % 2 == 1 => sent.push((field.name.clone(), field.value.clone())),
            Kind::Checkbox => {}
            Kind::Text => sent.push((field.name.clone(), typed(&field.name, canaries, reference, at))),
            Kind::Radio | Kind::Choice => {
                if !sent.iter().any(|(name, _)| *name == field.name) {
                    sent.push((field.name.clone(), chosen(form, field, at)));
                }
            }
        }
    }
    // The first button is the one that goes on.
    let button = form.buttons.first().filter(|(name, _)| !name.is_empty());
    sent.extend(button.cloned());
    sent
}

fn chosen(form: &Form, field: &Field, at: usize) -> String {
    let several = form
        .fields
        .iter()
        .filter(|other| other.name == field.name && !other.value.is_empty());
    let several: Vec<&Field> = several.collect();
    several
        .get(at.saturating_sub(1) % several.len().max(1))
        .map(|field| field.value.clone())
        .unwrap_or_default()
}

/// The field's name tells what belongs in it.
fn typed(name: &str, canaries: &Canaries, reference: &str, at: usize) -> String {
    if at == 0 {
        return canaries.name.clone();
    }
    let has = |part: &str| name.contains(part);
    let text = match () {
        () if has("day") => "1",
        () if has("month") => "2",
        () if has("year") => "2031",
        () if has("age") => "40",
        () if has("postcode") => "ZZ9 9ZZ",
        () if has("reference") => reference,
        () if has("prison-number") || has("prisoner") || has("sender") || has("holder") => "A2345CD",
        () if has("email") => &canaries.email,
        () if has("phone") || has("text") => &canaries.safe_number,
        () if has("number") => &canaries.rang_number,
        () if has("address") || has("lines") => &canaries.street,
        () if has("court") => &canaries.court,
        () if has("first") || has("last") => &canaries.prisoner,
        () if has("why") || has("reason") || has("account") || has("offence") => &canaries.account,
        () => &canaries.name,
    };
    text.to_owned()
}
