//! What the layouts show round a page: `page` and `errors` in a template, made from a [`Page`].

use minijinja::context;
use minijinja::value::Value;

use crate::locale::Sentences;
use crate::neutral::is_neutral;
use crate::{Lang, Page, PagesError, Sentence};

/// A page about to be framed.
pub(crate) struct Frame<'a> {
    pub(crate) page: &'a Page,
    pub(crate) sentences: &'a Sentences,
    pub(crate) strict: bool,
}

impl Frame<'_> {
    /// `layout`, `page` and `errors`, which no context of a page can replace.
    pub(crate) fn context(&self) -> Result<Value, PagesError> {
        let page = self.page;
        let mut found = Vec::new();
        for (field, sentence) in page.errors.iter() {
            found.push((field, self.say(sentence)?));
        }
        let listed = found
            .iter()
            .map(|(field, text)| context! { text, href => format!("#{field}") });
        let beside = found
            .iter()
            .map(|(field, text)| (field.to_string(), context! { text }));
        let next: Result<Vec<String>, PagesError> = page.next.iter().map(|step| self.say(step)).collect();
        let shown = context! {
            title => self.say(&page.title)?,
            window_title => self.window_title()?,
            lang => page.visit.lang.code(),
            languages => self.languages(),
            back => page.back.clone(),
            signed_in => self.signed_in()?,
            navigation => self.navigation()?,
            next => next?,
            error_list => listed.collect::<Vec<_>>(),
        };
        let layout = if page.signed_in.is_some() {
            "staff_layout.html"
        } else {
            "layout.html"
        };
        Ok(context! { layout, page => shown, errors => Value::from_pairs(beside) })
    }

    /// What the window, the tab and the history show.
    fn window_title(&self) -> Result<String, PagesError> {
        let mut title = self.say(&self.page.title)?;
        match self.page.signed_in {
            Some(_) => title = format!("{title} - {}", self.say(&"staff-service-name".into())?),
            None if is_neutral(&title) => {}
            None if self.strict => return Err(PagesError::TellingTitle(self.page.title.key().to_string())),
            None => title = self.say(&"neutral-title".into())?,
        }
        match self.page.errors.is_empty() {
            true => Ok(title),
            false => self.say(&Sentence::new("shell-error-title").with("title", title)),
        }
    }

    /// Links to the same page in each language; none where the page cannot be asked for again by link.
    fn languages(&self) -> Vec<Value> {
        let links = Lang::ALL.into_iter().filter_map(|lang| {
            let (href, current) = (self.page.visit.in_language(lang)?, lang == self.page.visit.lang);
            Some(context! { text => lang.name(), lang => lang.code(), href, current })
        });
        links.collect()
    }

    fn navigation(&self) -> Result<Vec<Value>, PagesError> {
        let items = self.page.navigation.iter().map(|item| {
            Ok(context! { text => self.say(&item.text)?, href => item.href.clone(), active => item.current })
        });
        items.collect()
    }

    fn signed_in(&self) -> Result<Option<Value>, PagesError> {
        let Some(who) = &self.page.signed_in else {
            return Ok(None);
        };
        let (name, role) = (who.name.clone(), self.say(&who.role)?);
        Ok(Some(
            context! { name, role, home => who.home, sign_out => who.sign_out },
        ))
    }

    fn say(&self, sentence: &Sentence) -> Result<String, PagesError> {
        Ok(self.sentences.say_or_key(self.page.visit.lang, sentence)?)
    }
}
