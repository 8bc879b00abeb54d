//! What editors set for the whole site. The operator's file only provides the first values.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::accent::Accent;
use super::article::one_line;
use super::media::MediaId;
use super::store::event::Kind;
use super::{Actor, Content, Error, filings, store};
use crate::config::{Language, Site};

/// The most stages of review: 三审三校.
pub const MOST_STAGES: i64 = 3;

/// The settings that editors change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSettings {
    /// The masthead.
    pub name: String,
    /// One sentence about the site.
    pub description: String,
    /// The interface's language.
    pub language: Language,
    /// ICP 备案号; may be empty.
    pub icp_number: String,
    /// 公安备案号; may be empty.
    pub police_number: String,
    /// The zone in which dates are shown and read.
    pub time_zone: String,
    /// Stages of review before anything goes out, 0 to [`MOST_STAGES`].
    pub review_stages: i64,
    /// The site's colour; none: that of the style sheet.
    pub accent: Option<Accent>,
    /// The picture beside the masthead.
    pub logo: Option<MediaId>,
    /// The picture of cards that have none of their own; none: the one that comes with the program.
    pub share_image: Option<MediaId>,
}

/// Why settings are not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsuitable {
    /// A site has a name.
    #[error("the site has no name")]
    NoName,
    /// Not in the time zone database.
    #[error("{0:?} is not a time zone, as Asia/Shanghai is")]
    TimeZone(String),
    /// Neither off nor one to three.
    #[error("review has 0 to 3 stages")]
    Stages,
    /// There is no such picture.
    #[error("the picture is not in the library")]
    NoPicture,
    /// WeChat would not draw it.
    #[error("a card's picture has at least 300 pixels a side")]
    TooSmall,
    /// Not an ICP number.
    #[error("an ICP number is written as 京ICP备2021012345号-1")]
    IcpNumber,
    /// Not a police number.
    #[error("a police number is written as 京公网安备11000002000001号")]
    PoliceNumber,
}

impl SiteSettings {
    /// The first values.
    pub fn from_config(site: &Site) -> Self {
        Self {
            name: site.name.clone(),
            description: site.description.clone(),
            language: site.language,
            icp_number: site.icp_number.clone(),
            police_number: site.police_number.clone(),
            time_zone: site.time_zone.clone(),
            ..Self::untouched()
        }
    }

    /// The site's time zone. A name that no longer exists is read as UTC.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The settings as they are stored: one line each, filings and time zone as they are written.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        self.name = one_line(&self.name);
        self.description = one_line(&self.description);
        self.icp_number = filings::tidied(&self.icp_number, filings::is_icp);
        self.police_number = filings::tidied(&self.police_number, filings::is_police);
        let zone = TimeZone::get(self.time_zone.trim()).ok();
        if let Some(name) = zone.as_ref().and_then(TimeZone::iana_name) {
            name.clone_into(&mut self.time_zone);
        }
        self
    }

    /// All that is wrong with them; pictures are looked up elsewhere. A filing that was there `before`, as the operator
    /// may have written it, stays.
    pub fn faults(&self, before: &Self) -> Vec<Unsuitable> {
        let is_filing =
            |new: &str, old: &str, is_number: fn(&str) -> bool| new.is_empty() || new == old || is_number(new);
        let mut faults = Vec::new();
        if self.name.is_empty() {
            faults.push(Unsuitable::NoName);
        }
        if !is_filing(&self.icp_number, &before.icp_number, filings::is_icp) {
            faults.push(Unsuitable::IcpNumber);
        }
        if !is_filing(&self.police_number, &before.police_number, filings::is_police) {
            faults.push(Unsuitable::PoliceNumber);
        }
        if TimeZone::get(&self.time_zone).is_err() {
            faults.push(Unsuitable::TimeZone(self.time_zone.clone()));
        }
        if !(0..=MOST_STAGES).contains(&self.review_stages) {
            faults.push(Unsuitable::Stages);
        }
        faults
    }

    /// The settings as they may be stored instead of those of `before`; pictures are looked up elsewhere.
    pub fn checked(self, before: &Self) -> Result<Self, Unsuitable> {
        let settings = self.tidied();
        settings.faults(before).into_iter().next().map_or(Ok(settings), Err)
    }

    /// The rows that hold it.
    pub(super) fn rows(&self) -> [(&'static str, String); 10] {
        let media = |id: Option<&MediaId>| id.map(MediaId::to_string).unwrap_or_default();
        [
            ("site.name", self.name.clone()),
            ("site.description", self.description.clone()),
            ("site.language", self.language.tag().to_owned()),
            ("site.icp_number", self.icp_number.clone()),
            ("site.police_number", self.police_number.clone()),
            ("site.time_zone", self.time_zone.clone()),
            ("review.stages", self.review_stages.to_string()),
            ("look.accent", self.accent.map(|accent| accent.to_string()).unwrap_or_default()),
            ("look.logo", media(self.logo.as_ref())),
            ("look.share_image", media(self.share_image.as_ref())),
        ]
    }

    /// Those of a site that never set anything.
    fn untouched() -> Self {
        Self {
            name: "wxpress".to_owned(),
            description: String::new(),
            language: Language::SimplifiedChinese,
            icp_number: String::new(),
            police_number: String::new(),
            time_zone: "Asia/Shanghai".to_owned(),
            review_stages: 0,
            accent: None,
            logo: None,
            share_image: None,
        }
    }

    /// The settings in `rows`; what is missing or unreadable has the value of a site that never set anything.
    pub(super) fn from_rows(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut settings = Self::untouched();
        for (key, value) in rows {
            match key.as_str() {
                "site.name" => settings.name = value,
                "site.description" => settings.description = value,
                "site.language" if value == Language::English.tag() => settings.language = Language::English,
                "site.icp_number" => settings.icp_number = value,
                "site.police_number" => settings.police_number = value,
                "site.time_zone" => settings.time_zone = value,
                "review.stages" => {
                    // Who cannot be understood is not taken for one who wants no review.
                    settings.review_stages =
                        value.parse().map_or(MOST_STAGES, |stages: i64| stages.clamp(0, MOST_STAGES));
                }
                "look.accent" => settings.accent = value.parse().ok(),
                "look.logo" => settings.logo = value.parse().ok(),
                "look.share_image" => settings.share_image = value.parse().ok(),
                _ => {}
            }
        }
        settings
    }
}

impl Content {
    /// What editors have set for the whole site.
    pub async fn settings(&self) -> Result<SiteSettings, Error> {
        store::settings::load(self.db.read()).await
    }

    /// Sets all of it. The event says what is new.
    pub async fn set_settings(&self, actor: Actor, settings: SiteSettings) -> Result<(), Error> {
        self.change_settings(actor, |all| *all = settings).await
    }

    /// Changes some of it, and leaves alone what somebody else has changed in the meantime.
    pub async fn change_settings(&self, actor: Actor, change: impl FnOnce(&mut SiteSettings)) -> Result<(), Error> {
        let step = self.step(actor);
        let mut transaction = self.db.begin().await?;
        let before = store::settings::load(&mut *transaction).await?;
        let mut settings = before.clone();
        change(&mut settings);
        let settings = settings.checked(&before)?;
        for (picture, must_be_shareable) in [(&settings.logo, false), (&settings.share_image, true)] {
            let Some(picture) = picture else { continue };
            match store::library::is_shareable(&mut transaction, picture).await? {
                None => return Err(Unsuitable::NoPicture.into()),
                Some(false) if must_be_shareable => return Err(Unsuitable::TooSmall.into()),
                Some(_) => {}
            }
        }
        let mut detail = Map::new();
        for ((key, old), (_, new)) in before.rows().into_iter().zip(settings.rows()) {
            if old != new {
                store::settings::set(&mut transaction, (key, new.clone()), step.now).await?;
                detail.insert(key.to_owned(), json!({ "from": old, "to": new }));
            }
        }
        if detail.is_empty() {
            return Ok(());
        }
        self.changed(transaction, step, (Kind::SettingsChanged, Value::Object(detail))).await
    }

    /// Writes the settings that are not in the database yet; called at every start.
    pub async fn seed_settings(&self, site: &Site) -> Result<(), Error> {
        let mut transaction = self.db.begin().await?;
        store::settings::seed(&mut transaction, &SiteSettings::from_config(site), self.clock.now()).await?;
        self.commit(transaction).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_from_their_rows() {
        let settings = SiteSettings {
            name: "县报".to_owned(),
            description: "每日新闻".to_owned(),
            language: Language::English,
            icp_number: "京ICP备1号".to_owned(),
            police_number: "京公网安备2号".to_owned(),
            time_zone: "Asia/Urumqi".to_owned(),
            review_stages: 3,
            accent: "#b3001b".parse().ok(),
            logo: "0123456789abcdef0123456789abcdef".parse().ok(),
            share_image: "1123456789abcdef0123456789abcdef".parse().ok(),
        };

        let rows = settings.rows().map(|(key, value)| (key.to_owned(), value));

        assert_eq!(SiteSettings::from_rows(rows), settings);
    }

    #[test]
    fn what_a_site_cannot_live_with_is_not_taken() {
        let with = |change: fn(&mut SiteSettings)| {
            let mut settings = SiteSettings::untouched();
            change(&mut settings);
            settings.checked(&SiteSettings::untouched()).map(|settings| settings.name)
        };
        assert_eq!(with(|settings| settings.name = " 县\n报 ".to_owned()), Ok("县 报".to_owned()));
        assert_eq!(with(|settings| settings.name = " ".to_owned()), Err(Unsuitable::NoName));
        assert_eq!(
            with(|settings| settings.time_zone = "Mars".to_owned()),
            Err(Unsuitable::TimeZone("Mars".to_owned()))
        );
        assert_eq!(with(|settings| settings.review_stages = 4), Err(Unsuitable::Stages));
        assert_eq!(with(|settings| settings.icp_number = "京ICP".to_owned()), Err(Unsuitable::IcpNumber));
        assert_eq!(with(|settings| settings.police_number = "110".to_owned()), Err(Unsuitable::PoliceNumber));
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_but_for_what_was_there_before() {
        let before = SiteSettings { icp_number: "示例1号".to_owned(), ..SiteSettings::untouched() };
        let wrong = SiteSettings { name: String::new(), police_number: "1".to_owned(), ..before.clone() };

        assert_eq!(before.faults(&before), []);
        assert_eq!(wrong.faults(&before), [Unsuitable::NoName, Unsuitable::PoliceNumber]);
    }

    #[test]
    fn a_time_zone_is_written_as_the_database_writes_it() {
        let zone =
            |text: &str| SiteSettings { time_zone: text.to_owned(), ..SiteSettings::untouched() }.tidied().time_zone;
        assert_eq!((zone(" asia/urumqi "), zone("Mars")), ("Asia/Urumqi".to_owned(), "Mars".to_owned()));
    }

    #[test]
    fn a_number_of_stages_that_cannot_be_read_lets_nothing_through() {
        let stages =
            |value: &str| SiteSettings::from_rows([("review.stages".to_owned(), value.to_owned())]).review_stages;
        assert_eq!(["0", "2", "9", "-1", "no"].map(stages), [0, 2, 3, 0, 3]);
    }

    #[test]
    fn an_unknown_zone_is_read_as_utc() {
        let settings = SiteSettings::from_rows([("site.time_zone".to_owned(), "Mars/Olympus".to_owned())]);

        assert_eq!(settings.zone(), TimeZone::UTC);
    }
}
