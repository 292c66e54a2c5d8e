//! Pages that say that there is no such page.

use super::{Signs, Table, folded};

/// What the page says, in its own words.
pub(super) fn find(signs: &Signs) -> Option<String> {
    if signs.dated && !signs.is_thin() {
        return None;
    }
    let [title, heading] = &signs.parts;
    let in_title = title.iter().any(|part| says(part));
    let in_heading = heading.iter().any(|part| says(part));
    let found = match (in_title, in_heading) {
        // What says so twice, and is no dated article, says it of itself.
        (true, true) => !signs.dated || signs.is_thin(),
        // A long page under a headline of its own is an article with an unlucky title.
        (true, false) => !signs.dated && (signs.is_thin() || heading.iter().all(|part| is_name(part, title))),
        // A long page with a title of its own has a heading somewhere that is not for this reader.
        (false, true) => !signs.dated && (signs.is_thin() || title.iter().all(|part| is_name(part, &[]))),
        // “404”, or “Oops!”, and why in the text.
        (false, false) => {
            let numbered = || title.iter().chain(heading).any(|part| part == "404");
            !signs.dated && signs.is_scant() && (numbered() || explains(&signs.text))
        }
    };
    let own_words = || match (in_title, in_heading) {
        (_, true) => signs.heading.clone(),
        (true, _) => signs.title.clone(),
        _ => signs.text.chars().take(80).collect(),
    };
    found.then(own_words)
}

/// The name of a site: a part of the title, or of a few words.
fn is_name(part: &str, title: &[String]) -> bool {
    const FEW: usize = 2;
    title.iter().any(|other| other == part) || part.split_whitespace().count() <= FEW
}

/// Is this part of a title nothing but the message? A headline that merely quotes it says more.
fn says(part: &str) -> bool {
    let length = part.chars().count();
    let whole = |phrase: &String| {
        let Some(at) = part.find(phrase.as_str()) else { return false };
        let bare = phrase.chars().count();
        // Words that begin or end inside of others are not these words.
        let before = part[..at].chars().next_back().is_none_or(|c| !joins(c));
        let after = part[at + phrase.len()..].chars().next().is_none_or(|c| !joins(c));
        before
            && after
            && (bare * 2 >= length || only_fillers(&part[..at]) && only_fillers(&part[at + phrase.len()..]))
    };
    let short = |phrase: &String| {
        part.find(phrase.as_str())
            .is_some_and(|at| only_fillers(&part[..at]) && only_fillers(&part[at + phrase.len()..]))
    };
    PHRASES.iter().any(whole) || SHORT.iter().any(short)
}

/// A letter of a script in which words have ends.
fn joins(c: char) -> bool {
    c.is_alphabetic() && !super::is_wide(c)
}

/// Does the text say it in a sentence?
fn explains(text: &str) -> bool {
    SENTENCES.iter().any(|sentence| text.contains(sentence.as_str()))
}

/// Nothing but words that stand around such a message.
fn only_fillers(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| FILLERS.iter().any(|filler| filler == word))
}

static FILLERS: Table = Table::new(|| {
    folded(&[
        "404",
        "410",
        "error",
        "http",
        "status",
        "code",
        "sorry",
        "oops",
        "ooops",
        "whoops",
        "oh",
        "no",
        "uh",
        "hmm",
        "well",
        "the",
        "this",
        "that",
        "a",
        "we",
        "re",
        "are",
        "is",
        "was",
        "it",
        "looks",
        "like",
        "page",
        "your",
        "you",
        "requested",
        "looking",
        "for",
        "url",
        "could",
        "not",
        "be",
        "been",
        "found",
        "cannot",
        "can",
        "t",
        "does",
        "exist",
        "has",
        "moved",
        "removed",
        "or",
        "deleted",
        "here",
        "anymore",
        "longer",
        "available",
        "erreur",
        "errore",
        "ops",
        "ci",
        "dispiace",
        "spiacenti",
        "pagina",
        "la",
        "fehler",
        "hoppla",
        "ups",
        "leider",
        "lo",
        "sentimos",
        "pagina",
        "erro",
        "desculpe",
        "fout",
        "helaas",
        "ошибка",
        "страница",
        "помилка",
        "błąd",
        "fel",
        "feil",
        "fejl",
        "virhe",
        "chyba",
        "hiba",
        "eroare",
        "hata",
        "σφάλμα",
        "エラー",
        "错误",
        "오류",
    ])
});

/// What says so wherever it is half of what is said.
static PHRASES: Table = Table::new(|| {
    folded(&[
        // English
        "page not found",
        "page was not found",
        "page cannot be found",
        "page can't be found",
        "page can’t be found",
        "page could not be found",
        "page couldn't be found",
        "page couldn’t be found",
        "can't find that page",
        "can’t find that page",
        "can't find the page",
        "can’t find the page",
        "couldn't find that page",
        "couldn’t find that page",
        "page does not exist",
        "page doesn't exist",
        "page doesn’t exist",
        "page no longer exists",
        "page is no longer available",
        "page no longer available",
        "page isn't available",
        "page isn’t available",
        "page is not available",
        "page unavailable",
        "page not available",
        "page missing",
        "missing page",
        "page has been removed",
        "page you requested could not be found",
        "page you are looking for",
        "page you were looking for",
        "article not found",
        "article no longer available",
        "document not found",
        "content not found",
        "content unavailable",
        "content no longer available",
        "content is no longer available",
        "file not found",
        "resource not found",
        "resource cannot be found",
        "story not found",
        "post not found",
        "post does not exist",
        "video unavailable",
        "video not found",
        "this video is unavailable",
        "this video isn't available anymore",
        "account suspended",
        "account has been suspended",
        "no such page",
        "404 not found",
        "404 page",
        "404 error",
        "error 404",
        "http 404",
        "410 gone",
        // Italian
        "pagina non trovata",
        "pagina non è stata trovata",
        "pagina non esiste",
        "pagina inesistente",
        "pagina non disponibile",
        "pagina non più disponibile",
        "pagina richiesta non",
        "pagina che cerchi non",
        "pagina che stai cercando",
        "contenuto non trovato",
        "contenuto non disponibile",
        "articolo non trovato",
        "documento non trovato",
        "errore 404",
        // French
        "page introuvable",
        "page non trouvée",
        "page inexistante",
        "page n'existe pas",
        "page n’existe pas",
        "page n'existe plus",
        "page n’existe plus",
        "page demandée n",
        "page que vous cherchez",
        "page que vous recherchez",
        "page indisponible",
        "contenu introuvable",
        "contenu indisponible",
        "article introuvable",
        "document introuvable",
        "erreur 404",
        // German
        "seite nicht gefunden",
        "seite wurde nicht gefunden",
        "seite konnte nicht gefunden werden",
        "seite existiert nicht",
        "seite nicht verfügbar",
        "seite ist nicht verfügbar",
        "seite nicht mehr verfügbar",
        "seite leider nicht gefunden",
        "gewünschte seite",
        "gesuchte seite",
        "inhalt nicht gefunden",
        "inhalt nicht verfügbar",
        "artikel nicht gefunden",
        "beitrag nicht gefunden",
        "dokument nicht gefunden",
        "fehler 404",
        "404 fehler",
        "404-fehler",
        // Spanish, Catalan, Galician
        "página no encontrada",
        "página no existe",
        "página no disponible",
        "página no se encuentra",
        "página no ha sido encontrada",
        "página que buscas",
        "página que busca",
        "no se encontró la página",
        "no se ha encontrado la página",
        "contenido no encontrado",
        "contenido no disponible",
        "artículo no encontrado",
        "pàgina no trobada",
        "no s'ha trobat la pàgina",
        "no s’ha trobat la pàgina",
        "páxina non atopada",
        // Portuguese
        "página não encontrada",
        "página não existe",
        "página não foi encontrada",
        "página não disponível",
        "página inexistente",
        "conteúdo não encontrado",
        "erro 404",
        // Dutch, Afrikaans
        "pagina niet gevonden",
        "pagina bestaat niet",
        "pagina is niet gevonden",
        "pagina kan niet worden gevonden",
        "pagina niet beschikbaar",
        "artikel niet gevonden",
        "fout 404",
        "bladsy nie gevind nie",
        // Nordic
        "sidan hittades inte",
        "sidan kunde inte hittas",
        "sidan finns inte",
        "sidan saknas",
        "siden blev ikke fundet",
        "siden findes ikke",
        "siden kunne ikke findes",
        "siden ble ikke funnet",
        "siden finnes ikke",
        "fant ikke siden",
        "sivua ei löytynyt",
        "sivua ei löydy",
        "síða fannst ekki",
        "síðan fannst ekki",
        // Baltic
        "lehte ei leitud",
        "lapa nav atrasta",
        "puslapis nerastas",
        // Polish, Czech, Slovak, Slovenian, Croatian, Hungarian, Romanian, Albanian
        "strona nie została znaleziona",
        "strona nie istnieje",
        "nie znaleziono strony",
        "strony nie znaleziono",
        "nie ma takiej strony",
        "błąd 404",
        "stránka nenalezena",
        "stránka nebyla nalezena",
        "stránka neexistuje",
        "stránka nenájdená",
        "stránka sa nenašla",
        "stránka nebola nájdená",
        "chyba 404",
        "stran ni najdena",
        "strani ni mogoče najti",
        "stranica nije pronađena",
        "stranica ne postoji",
        "strana nije pronađena",
        "az oldal nem található",
        "a keresett oldal nem található",
        "pagina nu a fost găsită",
        "pagina nu există",
        "faqja nuk u gjet",
        // Cyrillic
        "страница не найдена",
        "страницы не существует",
        "страница не существует",
        "страница удалена",
        "ошибка 404",
        "сторінку не знайдено",
        "сторінка не знайдена",
        "сторінки не існує",
        "помилка 404",
        "старонка не знойдзена",
        "страницата не е намерена",
        "страницата не беше намерена",
        "страница није пронађена",
        "страницата не е пронајдена",
        // Greek, Turkish, Azerbaijani, Georgian, Armenian
        "η σελίδα δεν βρέθηκε",
        "η σελίδα δεν υπάρχει",
        "σφάλμα 404",
        "sayfa bulunamadı",
        "böyle bir sayfa yok",
        "səhifə tapılmadı",
        "გვერდი ვერ მოიძებნა",
        "էջը չի գտնվել",
        // Arabic, Persian, Urdu, Hebrew
        "الصفحة غير موجودة",
        "لم يتم العثور على الصفحة",
        "صفحه یافت نشد",
        "صفحه مورد نظر یافت نشد",
        "صفحہ نہیں ملا",
        "הדף לא נמצא",
        "העמוד לא נמצא",
        // South and South-East Asia
        "पृष्ठ नहीं मिला",
        "पेज नहीं मिला",
        "পৃষ্ঠা পাওয়া যায়নি",
        "ไม่พบหน้า",
        "ไม่พบหน้าที่คุณ",
        "không tìm thấy trang",
        "trang không tồn tại",
        "halaman tidak ditemukan",
        "halaman tidak dijumpai",
        "hindi nahanap ang pahina",
        "ukurasa haukupatikana",
        // East Asia
        "ページが見つかりません",
        "ページは見つかりません",
        "ページは存在しません",
        "お探しのページ",
        "页面不存在",
        "页面未找到",
        "找不到页面",
        "页面没有找到",
        "您访问的页面",
        "頁面不存在",
        "找不到網頁",
        "找不到頁面",
        "페이지를 찾을 수 없습니다",
        "존재하지 않는 페이지",
        // Servers and hosts that have nothing to show
        "welcome to nginx",
        "apache2 ubuntu default page",
        "apache2 debian default page",
        "iis windows server",
        "default web site page",
        "website no longer available",
        "site not found",
        "website expired",
        "blog has been removed",
    ])
});

/// What says so only where nothing else is said.
static SHORT: Table = Table::new(|| {
    folded(&[
        "not found",
        "nothing found",
        "no longer available",
        "does not exist",
        "doesn't exist",
        "non trovato",
        "non trovata",
        "non disponibile",
        "introuvable",
        "non trouvé",
        "n'existe pas",
        "n’existe pas",
        "nicht gefunden",
        "existiert nicht",
        "no encontrado",
        "no encontrada",
        "no existe",
        "não encontrado",
        "não encontrada",
        "niet gevonden",
        "nie znaleziono",
        "hittades inte",
        "ikke funnet",
        "ikke fundet",
        "ei löytynyt",
        "nenalezeno",
        "nem található",
        "не найдено",
        "не найдена",
        "не знайдено",
        "δεν βρέθηκε",
        "bulunamadı",
        "غير موجود",
        "یافت نشد",
        "לא נמצא",
        "见つかりません",
        "見つかりません",
        "未找到",
        "찾을 수 없습니다",
        "không tìm thấy",
        "tidak ditemukan",
    ])
});

/// Sentences of a text that has little else.
static SENTENCES: Table = Table::new(|| {
    folded(&[
        "page you are looking for",
        "page you were looking for",
        "page you're looking for",
        "page you’re looking for",
        "page you have requested",
        "page you requested",
        "page that you requested",
        "requested page could not be found",
        "requested url was not found",
        "the page cannot be found",
        "we can't find the page",
        "we can’t find the page",
        "we couldn't find the page",
        "we couldn’t find the page",
        "this page doesn't exist",
        "this page doesn’t exist",
        "this page could not be found",
        "this page isn't available",
        "this page isn’t available",
        "the link you followed may be broken",
        "pagina che stai cercando",
        "pagina che cerchi",
        "pagina richiesta non",
        "la pagina non esiste",
        "la page que vous cherchez",
        "la page que vous recherchez",
        "la page demandée",
        "cette page n'existe",
        "cette page n’existe",
        "die gesuchte seite",
        "die gewünschte seite",
        "die angeforderte seite",
        "diese seite existiert nicht",
        "la página que buscas",
        "la página que busca",
        "la página que está buscando",
        "la página solicitada",
        "a página que você",
        "a página que procura",
        "de pagina die u zoekt",
        "de pagina die je zoekt",
        "de opgevraagde pagina",
        "strona, której szukasz",
        "sidan du söker",
        "siden du leter etter",
        "siden du leder efter",
        "запрашиваемая страница",
        "запрошенная страница",
        "запитувана сторінка",
        "aradığınız sayfa",
        "お探しのページ",
        "您访问的页面不存在",
        "您所访问的页面",
        "요청하신 페이지",
    ])
});
