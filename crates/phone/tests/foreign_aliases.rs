//! One telephone has one number, whichever country it is dialled through.

use phone::{Class, Refused, resolve};

#[test]
fn a_telephone_is_refused_through_the_country_that_is_not_its_own() {
    let class = |dialled| resolve(dialled, None).map(|resolved| resolved.class);
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
