"""What page furniture looks like in other languages: German, French, Spanish, Russian, Arabic.

The commonest labels only: who reads articles in another language adds its lines here.
"""

from __future__ import annotations

from assistant.articles.furniture_rules import Rule

LANGUAGES: tuple[Rule, ...] = (
    Rule(
        "advertisement",
        r"(?:anzeige|werbung|publicité|publicidad|anuncio|реклама|إعلان|اعلان)\W*",
        3,
    ),
    Rule(
        "links to other articles",
        r"\W*(?:lesen sie (?:auch|mehr|hier)|mehr zum thema|auch interessant|"
        r"lire (?:aussi|la suite)|"
        r"à lire(?: aussi)?|voir aussi|sur le même sujet|le[ae] también|te puede interesar|"
        r"le puede interesar|más sobre|читайте также|по теме|смотрите также|"
        r"(?:اقرأ|إقرأ|اقرأي) (?:أيضا|أيضًا|ايضا|المزيد)|مواضيع ذات صلة)(?:\W.*)?",
        20,
        headings=False,
    ),
    Rule(
        "share bar",
        r"(?:teilen|merken|drucken|artikel (?:teilen|drucken|merken)|partager|imprimer|compartir|"
        r"imprimir|поделиться|شارك(?: المقال| الخبر)?|طباعة)(?:\s*:.*)?\W*",
        12,
    ),
    Rule(
        "newsletter",
        r"(?:(?:melden sie sich|jetzt|abonnieren sie|bestellen sie)\b.*\bnewsletter\b.*|"
        r"(?:abonnez-vous|inscrivez-vous|recevez)\b.*\b(?:newsletter|lettre|infolettre|e-mail)\b.*|"
        r"(?:suscríb\w+|apúntate|recib[ea]|reciba)\b.*\b(?:bolet[ií]n|newsletter|correo)\b.*|"
        r"(?:подпишитесь|подписывайтесь)\b.*|(?:اشترك|اشتركوا|سجل) .*(?:نشر|بريد|قناة).*)",
        40,
        needs=(
            "newsletter", "lettre", "e-mail", "boletín", "boletin", "correo", "подпи", "اشترك",
            "سجل",
        ),
    ),
    Rule(
        "copyright",
        r"(?:alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|"
        r"все права защищены|جميع الحقوق محفوظة)\b.*",
        40,
    ),
    Rule(
        "cookies and privacy",
        r"(?:wir verwenden cookies|nous utilisons des cookies|(?:utilizamos|usamos) cookies|"
        r"мы используем (?:файлы )?cookies?|impressum|datenschutz(?:erklärung)?|mentions légales|"
        r"aviso legal|política de privacidad|سياسة الخصوصية)(?:\W.*)?",
        60,
    ),
    Rule(
        "navigation",
        r"(?:lesezeit|temps de lecture|lecture|tiempo de lectura|время чтения|"
        r"مدة القراءة)\s*:?\s*\d+.{0,12}",
        8,
    ),
    Rule(
        "comments",
        r"(?:kommentare?|commentaires?|comentarios?|комментарии|التعليقات)(?: ?\(?\d+\)?)?\W*",
        4,
    ),
)  # fmt: skip
