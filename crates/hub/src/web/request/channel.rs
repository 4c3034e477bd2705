//! How somebody may be reached, as it was chosen and typed. The default is silence: what was typed becomes a
//! safe channel only where a way of reaching them was chosen too.

use casework::{Personal, RequestLimits, SafeChannel, SafeChannelKind};
use pages::FieldErrors;
use serde::{Deserialize, Serialize};

use super::draft::given;
use super::step::too_long;

/// One answer to "how may we reach you" or "them".
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Channel {
    /// A [`SafeChannelKind`], `none`, or nothing.
    pub(super) kind: String,
    /// The number or address, or who supports them.
    pub(super) at: Personal,
    /// When it is safe.
    pub(super) note: Personal,
}

/// The ids of the fields in which an answer is typed, and what is said where the number or address is missing.
pub(super) struct ChannelFields {
    pub(super) at: String,
    pub(super) note: String,
    pub(super) missing: &'static str,
}

impl Channel {
    /// The channel that was given; none where no way was chosen, whatever else was typed.
    pub(super) fn safe(&self) -> Option<SafeChannel> {
        Some(SafeChannel {
            kind: self.way()?,
            at: self.at.clone(),
            note: given(&self.note),
        })
    }

    fn way(&self) -> Option<SafeChannelKind> {
        serde_json::from_value(self.kind.clone().into()).ok()
    }

    /// What must be mended before it can be used. Where no way was chosen nothing need be: it is not used.
    pub(super) fn find_errors(&self, fields: ChannelFields, errors: &mut FieldErrors) {
        if self.way().is_none() {
            return;
        }
        if too_long(&self.at, RequestLimits::DEFAULT.line_chars) {
            errors.add(fields.at, "request-error-too-long");
        } else if self.at.is_blank() {
            errors.add(fields.at, fields.missing);
        }
        if too_long(&self.note, RequestLimits::DEFAULT.text_chars) {
            errors.add(fields.note, "request-error-too-long");
        }
    }
}

#[cfg(test)]
mod tests {
    use pages::{Lang, Sentence};

    use super::super::draft::Draft;
    use super::*;

    fn typed(kind: &str) -> Channel {
        Channel {
            kind: kind.to_owned(),
            at: Personal::new("07700 900123"),
            note: Personal::new("Before noon"),
        }
    }

    #[test]
    fn a_number_that_was_typed_is_no_channel_where_no_way_was_chosen() {
        for kind in ["", "none", "Phone", "pigeon"] {
            let mut draft = Draft::new(String::new());
            draft.who.channel = typed(kind);
            draft.people[0].channel = typed(kind);
            let request = draft.to_request(None);
            assert_eq!(request.referrer.channel, None, "{kind}");
            assert_eq!(request.people[0].channels, Vec::new(), "{kind}");
        }
    }

    #[test]
    fn each_way_that_was_chosen_is_given_as_it_was_typed_and_has_its_words() {
        let pages = crate::web::site::compiled().unwrap();
        for kind in ["phone", "text", "email", "post", "advocate"] {
            let safe = typed(kind).safe().unwrap();
            assert_eq!(serde_json::to_value(safe.kind).unwrap(), kind);
            assert_eq!(safe.at, Personal::new("07700 900123"));
            assert_eq!(safe.note, Some(Personal::new("Before noon")));
            for lang in Lang::ALL {
                let words = Sentence::new(format!("request-reach-{kind}"));
                assert!(pages.say(lang, &words).is_ok(), "{kind}");
            }
        }
    }
}
