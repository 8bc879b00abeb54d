//! The settings as a form holds them: read, checked, and compared with what they were when it was opened.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::super::super::texts::setup::Setup;
use super::super::form::FormErrors;
use crate::config::Language;
use crate::content::accent::{Colour, Ground};
use crate::content::settings::MOST_STAGES;
use crate::content::{Accent, SiteSettings, Unsuitable};

/// What is typed.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) language: String,
    #[serde(default)]
    pub(super) time_zone: String,
    #[serde(default)]
    pub(super) icp_number: String,
    #[serde(default)]
    pub(super) police_number: String,
    #[serde(default)]
    pub(super) review_stages: String,
    /// Whether the colour below counts.
    #[serde(default)]
    pub(super) own_accent: bool,
    #[serde(default)]
    pub(super) accent: String,
    #[serde(default)]
    pub(super) own_dark: bool,
    #[serde(default)]
    pub(super) accent_dark: String,
    /// The colours that the fields held when the form was opened.
    #[serde(default)]
    accent_shown: String,
    #[serde(default)]
    dark_shown: String,
    /// Colours that were proposed, and taken.
    #[serde(default)]
    accent_instead: String,
    #[serde(default)]
    dark_instead: String,
    /// Which settings the form was opened with.
    #[serde(default)]
    pub(super) seen: String,
}

/// What the form means, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Reading {
    /// But for its pictures.
    pub(super) settings: SiteSettings,
    pub(super) errors: FormErrors,
    /// Colours that would do, by day and by night.
    pub(super) instead: [Option<Colour>; 2],
}

/// A word for settings that differs when any of those in the form does.
fn mark(settings: &SiteSettings) -> String {
    let settings = SiteSettings { logo: None, share_image: None, ..settings.clone() };
    hex::encode(Sha256::digest(format!("{settings:?}"))).chars().take(16).collect()
}

impl Typed {
    /// The settings as the form shows them.
    pub(super) fn of(settings: &SiteSettings) -> Self {
        let accent = settings.accent;
        let [light, dark] = accent.map_or(super::USUAL, |accent| [accent.light(), accent.dark()]);
        Self {
            name: settings.name.clone(),
            description: settings.description.clone(),
            language: settings.language.tag().to_owned(),
            time_zone: settings.time_zone.clone(),
            icp_number: settings.icp_number.clone(),
            police_number: settings.police_number.clone(),
            review_stages: settings.review_stages.to_string(),
            own_accent: accent.is_some(),
            accent: light.to_string(),
            own_dark: accent.is_some_and(|accent| accent.chosen_dark().is_some()),
            accent_dark: dark.to_string(),
            accent_shown: String::new(),
            dark_shown: String::new(),
            accent_instead: String::new(),
            dark_instead: String::new(),
            seen: mark(settings),
        }
    }

    /// The form is about these settings from now on.
    pub(super) fn see(&mut self, settings: &SiteSettings) {
        self.seen = mark(settings);
    }

    /// Puts proposals in their place that were taken.
    pub(super) fn take_proposals(&mut self) {
        for (proposal, colour) in
            [(&mut self.accent_instead, &mut self.accent), (&mut self.dark_instead, &mut self.accent_dark)]
        {
            if !proposal.is_empty() {
                *colour = std::mem::take(proposal);
            }
        }
    }

    /// Who picks a colour means it, also without a tick beside it.
    pub(super) fn count_what_was_picked(&mut self) {
        let picked =
            |now: &str, shown: &str| !shown.is_empty() && !now.is_empty() && !now.trim().eq_ignore_ascii_case(shown);
        self.own_dark |= picked(&self.accent_dark, &self.dark_shown);
        self.own_accent |= picked(&self.accent, &self.accent_shown) || picked(&self.accent_dark, &self.dark_shown);
    }

    /// What the form means, where `before` is what is set.
    pub(super) fn read(&self, before: &SiteSettings, t: &Setup) -> Reading {
        let mut errors = FormErrors::default();
        let languages = [Language::SimplifiedChinese, Language::English];
        let language = languages.into_iter().find(|language| language.tag() == self.language);
        let (accent, instead, wrong_colours) = self.accent(t);
        let settings = SiteSettings {
            name: self.name.clone(),
            description: self.description.clone(),
            language: language.unwrap_or(before.language),
            icp_number: self.icp_number.clone(),
            police_number: self.police_number.clone(),
            time_zone: self.time_zone.clone(),
            // What is no number is more than there are.
            review_stages: self.review_stages.trim().parse().unwrap_or(MOST_STAGES.saturating_add(1)),
            accent,
            logo: None,
            share_image: None,
        }
        .tidied();
        let faults = settings.faults(before);
        let sentence = |fault: &Unsuitable| match fault {
            Unsuitable::NoName => Some(("name", t.no_name)),
            Unsuitable::TimeZone(_) => Some(("time_zone", t.bad_zone)),
            Unsuitable::Stages => Some(("review_stages", t.bad_stages)),
            Unsuitable::IcpNumber => Some(("icp_number", t.bad_icp)),
            Unsuitable::PoliceNumber => Some(("police_number", t.bad_police)),
            Unsuitable::NoPicture | Unsuitable::TooSmall => None,
        };
        if language.is_none() {
            errors.add("language", t.bad_language);
        }
        for (field, sentence) in faults.iter().filter_map(sentence) {
            errors.add(field, sentence);
        }
        errors.errors.extend(wrong_colours.errors);
        Reading { settings, errors, instead }
    }

    /// The colours, those that would do instead, and what is wrong.
    fn accent(&self, t: &Setup) -> (Option<Accent>, [Option<Colour>; 2], FormErrors) {
        let mut errors = FormErrors::default();
        let mut instead = [None, None];
        if !self.own_accent {
            return (None, instead, errors);
        }
        let [light_instead, dark_instead] = &mut instead;
        let light = colour(("accent", &self.accent), (Ground::Light, light_instead), &mut errors, t);
        let dark = if self.own_dark {
            colour(("accent_dark", &self.accent_dark), (Ground::Dark, dark_instead), &mut errors, t)
        } else {
            None
        };
        let accent = light.and_then(|light| Accent::new(light, dark).ok());
        (accent, instead, errors)
    }

    /// What somebody else has changed since the form was opened, and has here another value: each with that of now.
    pub(super) fn changed_meanwhile(&self, now: &SiteSettings, t: &Setup) -> FormErrors {
        let mut errors = FormErrors::default();
        if self.seen == mark(now) {
            return errors;
        }
        let theirs = Self::of(now);
        let colour = |typed: &Self| if typed.own_accent { typed.accent.clone() } else { String::new() };
        let dark =
            |typed: &Self| if typed.own_accent && typed.own_dark { typed.accent_dark.clone() } else { String::new() };
        let fields = [
            ("name", self.name.clone(), theirs.name.clone()),
            ("description", self.description.clone(), theirs.description.clone()),
            ("language", self.language.clone(), theirs.language.clone()),
            ("time_zone", self.time_zone.clone(), theirs.time_zone.clone()),
            ("icp_number", self.icp_number.clone(), theirs.icp_number.clone()),
            ("police_number", self.police_number.clone(), theirs.police_number.clone()),
            ("review_stages", self.review_stages.clone(), theirs.review_stages.clone()),
            ("accent", colour(self), colour(&theirs)),
            ("accent_dark", dark(self), dark(&theirs)),
        ];
        for (field, mine, theirs) in fields {
            if mine.trim() != theirs {
                let theirs = if theirs.is_empty() { t.empty } else { &theirs };
                errors.add(field, t.changed.replace("{}", theirs));
            }
        }
        errors
    }
}

/// The colour in a field, if words in it can be read on its ground.
fn colour(
    (field, typed): (&'static str, &str),
    (ground, instead): (Ground, &mut Option<Colour>),
    errors: &mut FormErrors,
    t: &Setup,
) -> Option<Colour> {
    let Ok(colour) = typed.parse::<Colour>() else {
        errors.add(field, t.bad_colour);
        return None;
    };
    if ground.bears(colour) {
        return Some(colour);
    }
    let pattern = match ground {
        Ground::Light => t.too_light,
        Ground::Dark => t.too_dark,
    };
    let nearest = ground.nearest(colour);
    // Rounded down: 4.49 is not 4.5.
    let contrast = format!("{:.1}", (ground.contrast(colour) * 10.0).floor() / 10.0);
    errors.add(field, pattern.replace("{contrast}", &contrast).replace("{nearest}", &nearest.to_string()));
    *instead = Some(nearest);
    None
}
