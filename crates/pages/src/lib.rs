//! Pages.
mod components;
mod nunjucks;
pub use nunjucks::translate;
#[doc(hidden)]
pub fn component_environment() -> Result<minijinja::Environment<'static>, minijinja::Error> { let mut e = minijinja::Environment::new(); components::install(&mut e)?; Ok(e) }
