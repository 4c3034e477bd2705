//! One court order, as it was chosen and typed.

use casework::{CourtOrder, OrderKind, Personal, RequestLimits};
use pages::FieldErrors;
use serde::{Deserialize, Serialize};

use super::draft::{Day, given};
use super::step::too_long;

/// One order; all of it may be left empty.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) kind: Option<OrderKind>,
    pub(super) court: Personal,
    pub(super) number: Personal,
    pub(super) until: Day,
    pub(super) terms: Personal,
}

impl Order {
    /// The order; none where no kind was chosen. That something else was typed then is an error of the page.
    pub(super) fn made(&self) -> Option<CourtOrder> {
        Some(CourtOrder {
            kind: self.kind?,
            court: given(&self.court),
            number: given(&self.number),
            until: self.until.date().ok().flatten(),
            terms: given(&self.terms),
        })
    }

    fn is_typed(&self) -> bool {
        let Day { day, month, year } = &self.until;
        let typed = [&self.court, &self.number, day, month, year, &self.terms];
        typed.into_iter().any(|text| !text.is_blank())
    }

    /// What must be mended in the fields whose ids begin with `at`.
    pub(super) fn find_errors(&self, at: &str, errors: &mut FieldErrors) {
        if self.kind.is_none() && self.is_typed() {
            errors.add(format!("{at}-kind"), "request-error-order-kind");
        }
        for (field, text, limit_chars) in [
            ("court", &self.court, RequestLimits::DEFAULT.line_chars),
            ("number", &self.number, RequestLimits::DEFAULT.line_chars),
            ("terms", &self.terms, RequestLimits::DEFAULT.text_chars),
        ] {
            if too_long(text, limit_chars) {
                errors.add(format!("{at}-{field}"), "request-error-too-long");
            }
        }
        if self.until.date().is_err() {
            errors.add(format!("{at}-until-day"), "request-error-order-until");
        }
    }
}

#[cfg(test)]
mod tests {
    use pages::{Lang, Sentence};

    use super::*;

    #[test]
    fn each_field_that_is_filled_asks_for_the_kind_and_an_empty_order_for_nothing() {
        let text = || Personal::new("1");
        let mut filled = vec![Order::default(); 4];
        filled[0].court = text();
        filled[1].number = text();
        filled[2].terms = text();
        filled[3].until.day = text();
        for order in filled {
            let mut errors = FieldErrors::new();
            order.find_errors("orders-3", &mut errors);
            assert_eq!(errors.iter().next().unwrap().0, "orders-3-kind");
        }
        let mut errors = FieldErrors::new();
        Order::default().find_errors("orders-0", &mut errors);
        assert!(errors.is_empty() && Order::default().made().is_none());
    }

    #[test]
    fn each_kind_on_the_page_is_a_kind_of_order_and_has_its_words() {
        let pages = crate::web::site::compiled().unwrap();
        let template = include_str!("../../../templates/request/safety.html");
        let kinds = template.split("t(\"request-order-kind-").skip(1);
        let kinds: Vec<&str> = kinds.filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(kinds.len(), 8);
        for kind in kinds {
            let known: OrderKind = serde_json::from_value(kind.into()).unwrap();
            assert_eq!(serde_json::to_value(known).unwrap(), kind);
            assert!(template.contains(&format!("\"value\": \"{kind}\"")));
            for lang in Lang::ALL {
                let words = Sentence::new(format!("request-order-kind-{kind}"));
                assert!(pages.say(lang, &words).is_ok(), "{kind}");
            }
        }
    }
}
