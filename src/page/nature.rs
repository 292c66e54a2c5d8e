//! Pages that are plainly not the page asked for.

use super::outline::Outline;
use super::{Draft, Nature};
use crate::fold::fold;

/// What a “not found” page says in its title or heading.
const NOT_FOUND: &[&str] = &[
    "page not found",
    "not found",
    "404",
    "page can't be found",
    "page cannot be found",
    "page doesn't exist",
    "page does not exist",
    "page no longer exists",
    "page unavailable",
    "no longer available",
    "nothing found",
    "content not found",
    "error 404",
    "oops! that page",
    "we can't find",
    "could not be found",
    "cannot be found",
    "can’t be found",
    "pagina non trovata",
    "pagina non esiste",
    "contenuto non trovato",
    "pagina inesistente",
    "non e stata trovata",
    "page introuvable",
    "page non trouvee",
    "page inexistante",
    "n'existe pas",
    "n’existe pas",
    "contenu introuvable",
    "seite nicht gefunden",
    "nicht gefunden",
    "seite existiert nicht",
    "seite konnte nicht gefunden",
    "seite wurde nicht gefunden",
    "pagina no encontrada",
    "no encontrada",
    "no se encuentra",
    "no existe",
    "pagina nao encontrada",
    "nao encontrada",
    "pagina niet gevonden",
    "niet gevonden",
    "strona nie znaleziona",
    "nie znaleziono",
    "sidan hittades inte",
    "siden ble ikke funnet",
    "siden blev ikke fundet",
    "страница не найдена",
    "сторінку не знайдено",
    "ページが見つかりません",
    "页面不存在",
    "sayfa bulunamadi",
    "stranka nenalezena",
];
const PARKED: &[&str] = &[
    "this domain is for sale",
    "domain is for sale",
    "buy this domain",
    "domain for sale",
    "this domain has expired",
    "domain parking",
    "parked free",
    "sedoparking",
    "hugedomains",
    "domain may be for sale",
    "is parked",
    "questo dominio e in vendita",
    "domain steht zum verkauf",
];
const CHALLENGES: &[(&str, &str)] = &[
    ("just a moment", "Cloudflare's “Just a moment…”"),
    ("attention required! | cloudflare", "Cloudflare's “Attention Required!”"),
    ("cf-chl", "a Cloudflare challenge"),
    ("cf_chl_opt", "a Cloudflare challenge"),
    ("captcha-delivery.com", "a DataDome challenge"),
    ("please enable js and disable any ad blocker", "a DataDome challenge"),
    ("pardon our interruption", "“Pardon Our Interruption”"),
    ("px-captcha", "a PerimeterX challenge"),
    ("_incapsula_resource", "an Incapsula challenge"),
    ("awswafcookiedomainlist", "an AWS WAF challenge"),
    ("awswaf", "an AWS WAF challenge"),
    ("are you a robot", "“Are you a robot?”"),
    ("unusual traffic from your", "“unusual traffic”"),
    ("verify you are human", "“Verify you are human”"),
    ("ddos protection by", "DDoS protection"),
    ("checking your browser before", "“Checking your browser”"),
];
const WALLS: &[&str] = &[
    "before you continue",
    "sign in to continue",
    "log in to continue",
    "please log in",
    "please sign in",
    "login required",
    "sign in to your account",
    "accedi per continuare",
    "bevor sie fortfahren",
    "avant de continuer",
    "log into facebook",
    "log in to facebook",
    "connectez-vous",
    "anmelden, um fortzufahren",
];

/// What kind of page it is.
pub(super) fn judge(outline: &Outline, raw: &str, draft: &Draft) -> Nature {
    let title = outline.title.clone().unwrap_or_default();
    let heading = outline.headings.iter().find(|h| h.level == 1).map(|h| h.text.clone()).unwrap_or_default();
    let text = &outline.text;
    let words = outline.words;
    let dated = draft.dates.iter().any(|d| d.strength >= super::Strength::Strong);
    let thin = words < 200;
    let folded = if thin { fold(text) } else { String::new() };

    if thin {
        let head: String = raw.chars().take(30_000).collect::<String>().to_ascii_lowercase();
        if let Some((_, name)) = CHALLENGES.iter().find(|(mark, _)| {
            folded.contains(mark) || fold(&title).contains(mark) || head.contains(mark) && words < 60
        }) {
            return Nature::Challenge((*name).to_owned());
        }
        if fold(&title).contains("access denied") && folded.contains("reference") {
            return Nature::Challenge("Akamai's “Access Denied”".to_owned());
        }
        if let Some(mark) = PARKED.iter().find(|mark| folded.contains(**mark) || head.contains(**mark)) {
            return Nature::Parked((*mark).to_owned());
        }
    }
    if !dated {
        for words_of_page in [&title, &heading] {
            let folded = fold(words_of_page);
            let phrase = NOT_FOUND.iter().find(|phrase| folded.contains(**phrase));
            // A headline that merely quotes the phrase is longer than the phrase.
            let mostly = phrase.is_some_and(|p| {
                p.len() * 5 >= folded.trim_end_matches(|c: char| !c.is_alphanumeric()).len()
                    || folded.starts_with(p) && thin
            });
            let bare_number = phrase.is_some_and(|p| *p == "404")
                && !(folded.starts_with("404")
                    || folded.contains("error 404")
                    || folded.contains("404 error"));
            if mostly && !bare_number {
                return Nature::NotFound(words_of_page.clone());
            }
        }
        if thin {
            let title_folded = fold(&title);
            if let Some(mark) = WALLS
                .iter()
                .find(|mark| title_folded.contains(**mark) || folded.contains(**mark) && words < 120)
            {
                return Nature::Wall((*mark).to_owned());
            }
            if outline.password && words < 80 {
                return Nature::Wall("a login form and nothing else".to_owned());
            }
        }
    }
    if words < 12 && outline.scripted && !dated {
        return Nature::Shell;
    }
    Nature::Ordinary
}
