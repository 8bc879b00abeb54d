//! What editors set for the whole site. The operator's file only provides the first values. Pure.

use jiff::tz::TimeZone;

use crate::config::{Language, Site};

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
        }
    }

    /// The site's time zone. A name that no longer exists is read as UTC.
    pub fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// The rows that hold it.
    pub(super) fn rows(&self) -> [(&'static str, &str); 6] {
        [
            ("site.name", &self.name),
            ("site.description", &self.description),
            ("site.language", self.language.tag()),
            ("site.icp_number", &self.icp_number),
            ("site.police_number", &self.police_number),
            ("site.time_zone", &self.time_zone),
        ]
    }

    /// The settings in `rows`; what is missing has the value of a site that never set anything.
    pub(super) fn from_rows(rows: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut settings = Self {
            name: "wxpress".to_owned(),
            description: String::new(),
            language: Language::SimplifiedChinese,
            icp_number: String::new(),
            police_number: String::new(),
            time_zone: "Asia/Shanghai".to_owned(),
        };
        for (key, value) in rows {
            match key.as_str() {
                "site.name" => settings.name = value,
                "site.description" => settings.description = value,
                "site.language" if value == Language::English.tag() => settings.language = Language::English,
                "site.icp_number" => settings.icp_number = value,
                "site.police_number" => settings.police_number = value,
                "site.time_zone" => settings.time_zone = value,
                _ => {}
            }
        }
        settings
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
        };

        let rows = settings.rows().map(|(key, value)| (key.to_owned(), value.to_owned()));

        assert_eq!(SiteSettings::from_rows(rows), settings);
    }

    #[test]
    fn an_unknown_zone_is_read_as_utc() {
        let settings = SiteSettings::from_rows([("site.time_zone".to_owned(), "Mars/Olympus".to_owned())]);

        assert_eq!(settings.zone(), TimeZone::UTC);
    }
}
