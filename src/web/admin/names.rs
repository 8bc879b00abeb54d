//! The names of those who did something. The people of the newsroom are asked for once per page.

use super::super::error::Error;
use super::super::texts::log::Log;
use super::page::Desk;
use crate::content::Actor;

/// Everybody's name, by number.
#[derive(Debug)]
pub(crate) struct Names {
    /// In the order in which they came.
    pub(crate) members: Vec<(i64, String)>,
    words: &'static Log,
}

impl Names {
    /// Asks who works here.
    pub(crate) async fn load(desk: &Desk<'_>) -> Result<Self, Error> {
        let members = desk.site.state.staff.members().await?;
        let members = members.into_iter().map(|member| (member.id.0, member.name.to_string())).collect();
        Ok(Self { members, words: desk.t.log })
    }

    /// Who acted.
    pub(crate) fn of(&self, actor: Actor) -> String {
        match actor {
            Actor::System => self.words.system.to_owned(),
            Actor::Import => self.words.import.to_owned(),
            Actor::Member(id) => self.member(id),
        }
    }

    /// Who has this number.
    pub(crate) fn member(&self, id: i64) -> String {
        let known = self.members.iter().find(|(number, _)| *number == id);
        known.map_or_else(|| self.words.somebody.replace("{}", &id.to_string()), |(_, name)| name.clone())
    }
}
