//! Names that are for sale, or have run out.

use super::{Signs, Table, folded};

/// What the page says or bears.
pub(super) fn find(signs: &Signs) -> Option<String> {
    if !signs.is_thin() || signs.dated {
        return None;
    }
    let titles = signs.parts.iter().flatten();
    let said = PHRASES.iter().find(|phrase| {
        titles.clone().any(|part| part.contains(phrase.as_str()))
            || signs.is_scant() && signs.text.contains(phrase.as_str())
    });
    if let Some(words) = said {
        return Some(words.clone());
    }
    // Those who park names put their own scripts in, and advertising for text.
    let mark = MARKS.iter().find(|mark| signs.markup.contains(**mark));
    mark.filter(|_| signs.is_scant()).map(|mark| (*mark).to_owned())
}

static PHRASES: Table = Table::new(|| {
    folded(&[
        "this domain is for sale",
        "domain is for sale",
        "domain name is for sale",
        "domain may be for sale",
        "domain for sale",
        "buy this domain",
        "make an offer on this domain",
        "this domain is available",
        "domain has expired",
        "domain name has expired",
        "domain expired",
        "domain is parked",
        "domain is parked free",
        "parked free, courtesy of",
        "this domain has been registered",
        "domain is registered, but",
        "future home of something quite cool",
        "dominio in vendita",
        "dominio è in vendita",
        "dominio scaduto",
        "domaine est à vendre",
        "domaine à vendre",
        "domaine a expiré",
        "domain steht zum verkauf",
        "domain zu verkaufen",
        "domain kaufen",
        "dominio en venta",
        "dominio está en venta",
        "domínio à venda",
        "domínio está à venda",
        "domein te koop",
        "domein is te koop",
        "domena na sprzedaż",
        "domena jest na sprzedaż",
        "домен продаётся",
        "домен продается",
        "домен продаж",
        "срок регистрации домена",
        "satılık domain",
        "此域名",
        "域名出售",
        "このドメイン",
    ])
});

/// Of the services that park names; in lower case.
const MARKS: &[&str] = &[
    "sedoparking.com",
    "parkingcrew.net",
    "parklogic.com",
    "img1.wsimg.com/parking-lander",
    "/parking-lander/",
    "bodiscdn.com",
    "d38psrni17bvxu.cloudfront.net",
    "hugedomains.com/domain_profile",
    "dan.com/buy-domain",
    "afternic.com/forsale",
    "data-adblockkey=",
    "window.park =",
    "parkingpage.namecheap.com",
];
