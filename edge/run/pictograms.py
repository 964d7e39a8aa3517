"""Pictograms of the street sign, drawn as SVG; each fills a square of 100 units in the colour of its text."""

CAMERA = (
    '<svg viewBox="0 0 100 100" fill="currentColor" role="img" aria-label="camera">'
    '<path d="M6 8h11v62H6z"/><path d="M17 47h17l8-9 8 6-12 14H17z"/>'
    '<g transform="rotate(14 55 32)"><rect x="24" y="17" width="54" height="27" rx="4"/>'
    '<path d="M18 11h66v6H18z"/><rect x="80" y="21" width="10" height="19" rx="2"/></g>'
    '<path d="M80 62l17 20M67 66l8 26M92 53l6 4" stroke="currentColor" stroke-width="4" '
    'stroke-linecap="round" stroke-dasharray="7 6" fill="none"/></svg>'
)
WHO = (
    '<svg viewBox="0 0 100 100" fill="#0b4a8f" role="img" aria-label="office">'
    '<path d="M50 8L8 32v8h84v-8z"/><path d="M16 46h12v32H16zM37 46h10v32H37z'
    'M53 46h10v32H53zM72 46h12v32H72z"/>'
    '<path d="M8 83h84v10H8z"/></svg>'
)
WHY = (
    '<svg viewBox="0 0 100 100" fill="#0b4a8f" role="img" aria-label="shield">'
    '<path d="M50 5l38 13v27c0 25-15 42-38 50C27 87 12 70 12 45V18z"/>'
    '<path d="M30 50l14 14 27-28" fill="none" stroke="#fff" stroke-width="9" stroke-linecap="round" '
    'stroke-linejoin="round"/></svg>'
)
HOW_LONG = (
    '<svg viewBox="0 0 100 100" role="img" aria-label="clock">'
    '<circle cx="50" cy="50" r="44" fill="#0b4a8f"/><path d="M50 24v27l18 13" fill="none" stroke="#fff" '
    'stroke-width="8" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
ASK = (
    '<svg viewBox="0 0 100 100" role="img" aria-label="speech">'
    '<path d="M12 10h76a6 6 0 0 1 6 6v48a6 6 0 0 1-6 6H48L26 92V70H12a6 6 0 0 1-6-6V16a6 6 0 0 1 6-6z" '
    'fill="#0b4a8f"/><path d="M24 32h52M24 48h34" stroke="#fff" stroke-width="8" stroke-linecap="round"/>'
    "</svg>"
)
