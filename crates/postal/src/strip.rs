//! What is taken off an envelope before its address is read: a privileged marking, and the postcode.
//!
//! Tokens flow in; the found value flows out, and its tokens are gone.

use crate::address::PrivilegedMarking;
use crate::postcode::Postcode;
use crate::token::Token;
use crate::vocabulary::meaning;
use std::ops::Range;

/// Takes Rule 39, Rule 14 or confidential access, wherever it stands.
pub(crate) fn take_marking(tokens: &mut Vec<Token>) -> Option<PrivilegedMarking> {
    let texts: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    let (marking, at) = (0..texts.len()).find_map(|i| Some((marking(texts.get(i..i + 2)?)?, i)))?;
    let led = at > 0 && matches!(texts[at - 1], "PRISON" | "YOI" | "UNDER");
    tokens.drain(at - usize::from(led)..at + 2);
    Some(marking)
}

fn marking(two: &[&str]) -> Option<PrivilegedMarking> {
    match two {
        ["RULE", "39" | "XXXIX"] => Some(PrivilegedMarking::Rule39),
        ["RULE", "14" | "XIV"] => Some(PrivilegedMarking::YoiRule14),
        ["CONFIDENTIAL", "ACCESS"] => Some(PrivilegedMarking::ConfidentialAccess),
        _ => None,
    }
}

/// The postcode given apart, else the last one among the tokens. Its tokens go, also where they repeat the given one.
pub(crate) fn take_postcode(tokens: &mut Vec<Token>, given: Option<&str>) -> Option<Postcode> {
    let given = given.and_then(Postcode::parse);
    let Some((found, range)) = (0..tokens.len()).rev().find_map(|i| postcode_at(tokens, i)) else {
        return given;
    };
    let better = given
        .as_ref()
        .is_none_or(|given| !given.is_whole() && found.is_whole());
    if better || given.as_ref() == Some(&found) {
        tokens.drain(range);
    }
    if better { Some(found) } else { given }
}

fn postcode_at(tokens: &[Token], i: usize) -> Option<(Postcode, Range<usize>)> {
    let text = tokens[i].text.as_str();
    let next = tokens.get(i + 1).map(|token| token.text.as_str());
    if let Some(postcode) = next.and_then(|next| in_two_tokens(text, next)) {
        return Some((postcode, i..i + 2));
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let joined = text.len() >= 5 && digits >= 2;
    let after_unit = i > 0 && meaning(&tokens[i - 1].text).unit.is_some();
    let outcode = next.is_none() && i > 0 && text.len() <= 4 && digits >= 1 && !after_unit;
    let worth_reading = text.starts_with(|c: char| c.is_ascii_alphabetic()) && (joined || outcode);
    let postcode = Postcode::parse(text).filter(|postcode| worth_reading && postcode.repairs() == 0)?;
    Some((postcode, i..i + 1))
}

/// `CM14` `4RG`, one misread character allowed.
fn in_two_tokens(front: &str, back: &str) -> Option<Postcode> {
    let has_digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
    let shaped = back.len() == 3 && (2..=4).contains(&front.len()) && has_digit(front) && has_digit(back);
    Postcode::parse(&format!("{front}{back}")).filter(|postcode| shaped && postcode.repairs() <= 1)
}
