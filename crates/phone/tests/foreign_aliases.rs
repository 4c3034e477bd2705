//! One telephone has one number, whichever country it is dialled through.

use phone::{Class, Refused, resolve};

fn class(dialled: &str) -> Result<Class, Refused> {
    resolve(dialled, None).map(|resolved| resolved.class)
}

#[test]
fn a_telephone_is_refused_through_the_country_that_is_not_its_own() {
    for dialled in [
        "+353 48 9018 0123",
        "00353 48 9018 0123",
        "141 +353 48 9018 0123",
        "+39 0549 882345",
        "+972 59 123 4567",
        "00972 56 123 4567",
    ] {
        assert_eq!(class(dialled), Err(Refused::Unresolvable), "{dialled}");
    }
    assert_eq!(class("028 9018 0123"), Ok(Class::Geographic));
    for dialled in [
        "+353 1 234 5678",
        "+39 06 1234 5678",
        "+378 0549 882345",
        "+970 59 123 4567",
    ] {
        assert_eq!(class(dialled), Ok(Class::International), "{dialled}");
    }
}

#[test]
fn premium_and_shared_cost_numbers_of_any_country_have_a_class_of_their_own() {
    for (dialled, expected) in [
        ("+1 900 234 5678", Class::InternationalPremium),
        ("00 1 900 234 5678", Class::InternationalPremium),
        ("00 33 899 123456", Class::InternationalPremium),
        ("00 49 900 1123456", Class::InternationalPremium),
        ("00 353 1520 123456", Class::InternationalPremium),
        ("00 979 123456789", Class::InternationalPremium),
        ("+1 202 555 0123", Class::International),
        ("00 353 1 555 0123", Class::International),
        ("00 33 1 99 00 12 34", Class::International),
    ] {
        assert_eq!(class(dialled), Ok(expected), "{dialled}");
    }
    assert_eq!(Class::InternationalPremium.as_str(), "international-premium");
}
