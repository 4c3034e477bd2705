//! Nunjucks -> MiniJinja: the component libraries' own templates, translated once when they are loaded.
//!
//! The two languages are nearly one. What differs is rewritten in the source (`rewrite`, `accumulate`)
//! or answered at run time by filters with JavaScript's meaning (`meaning`). In flows a template as npm
//! delivers it, out flows a template that MiniJinja renders to the same HTML; the libraries' own 725
//! fixtures are the test (`tests/fixtures.rs`).

mod accumulate;
pub(crate) mod meaning;
mod rewrite;
mod scan;

use scan::Piece;

/// The MiniJinja source of one Nunjucks template. Never fails: what it does not know it leaves as it is.
pub(crate) fn translate(source: &str) -> String {
    let mut pieces = scan::pieces(source);
    pieces.retain(|piece| !is_import(piece));
    for piece in &mut pieces {
        if let Piece::Tag(tag) = piece {
            rewrite::tag(tag);
        }
    }
    accumulate::use_namespaces(&mut pieces);
    pieces.iter().map(Piece::source).collect()
}

/// `{% from "..." import govukButton %}`: components are global functions here.
fn is_import(piece: &Piece) -> bool {
    matches!(piece, Piece::Tag(tag) if tag.is_block("from"))
}

#[cfg(test)]
mod tests {
    use super::translate;
    use proptest::prelude::*;

    #[test]
    fn what_differs_between_the_languages_is_rewritten() {
        let table = [
            ("{% if a === b %}", "{% if a == b %}"),
            ("{% if a !== null %}", "{% if a != null %}"),
            ("{% elseif a == b %}", "{% elif a == b %}"),
            (
                "{{ f({ text: a, \"b\": { c: d } }) }}",
                "{{ f({ \"text\": a, \"b\": { \"c\": d } }) }}",
            ),
            ("{% if items.length > 1 %}", "{% if items|length > 1 %}"),
            ("{{ a + b }}", "{{ a ~ b }}"),
            ("{{ a + ' b' }}", "{{ a ~ ' b'|safe }}"),
            ("{{ width + 130 }}", "{{ width + 130 }}"),
            ("{% for k, v in a.b %}", "{% for k, v in (a.b)|pairs %}"),
            ("{%- for k in a -%}", "{%- for k in (a)|each -%}"),
            ("{% if a.b %}", "{% if (a.b)|truthy %}"),
            ("{% if not a.b %}", "{% if not a.b %}"),
            ("{% from \"../button/macro.njk\" import govukButton -%}", ""),
            (
                "a + b === { c: d } {# e === f #}",
                "a + b === { c: d } {# e === f #}",
            ),
            ("{{ '}} === {{' }}", "{{ '}} === {{' }}"),
        ];
        for (nunjucks, minijinja) in table {
            assert_eq!(translate(nunjucks), minijinja);
        }
    }

    #[test]
    fn a_name_set_outside_and_inside_a_loop_becomes_one_variable() {
        let source = "{% set any = false %}{% for a in b %}{% set any = true if a.any else any %}{% endfor %}{{ any }}";
        let wanted = "{%- set outer_ = namespace() -%}{% set outer_.any = false %}{% for a in (b)|each %}\
                      {% set outer_.any = true if a.any else outer_.any %}{% endfor %}{{ outer_.any }}";
        assert_eq!(translate(source), wanted);
    }

    proptest! {
        #[test]
        fn any_text_is_translated_without_a_panic(source in "[{}%#a-z.+='\" :|\\[\\],()é-]{0,80}") {
            let _ = translate(&source);
        }

        #[test]
        fn text_without_tags_is_left_alone(source in "[^{]{0,80}") {
            prop_assert_eq!(translate(&source), source);
        }
    }
}
