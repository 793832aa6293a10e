#include "core/text.hpp"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/ustring.h>
#include <unicode/utf.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace vitrine {
namespace {

constexpr std::size_t slug_limit = 100;
constexpr UChar32 blank_of_braille = 0x2800;

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 128; });
}

char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_slug_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string transliterate(std::string_view utf8) {
    static std::mutex mutex;  // one transliterator is not for two threads at once
    static const std::unique_ptr<icu::Transliterator> to_ascii = [] {
        UErrorCode error = U_ZERO_ERROR;
        std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(
            "Any-Latin; Latin-ASCII; Any-Lower", UTRANS_FORWARD, error
        ));
        if (U_FAILURE(error)) throw std::runtime_error("ICU has no transliterator to ASCII");
        return made;
    }();
    auto text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))
    );
    {
        const std::scoped_lock lock(mutex);
        to_ascii->transliterate(text);
    }
    std::string result;
    text.toUTF8String(result);
    return result;
}

}  // namespace

std::string fold(std::string_view utf8) {
    if (!is_ascii(utf8)) return transliterate(utf8);
    std::string result(utf8);
    std::ranges::transform(result, result.begin(), ascii_lower);
    return result;
}

std::string slugify(std::string_view utf8) {
    std::string slug;
    for (const char c : fold(utf8)) {
        if (is_slug_letter(c)) {
            slug += c;
        } else if (!slug.empty() && slug.back() != '-' && c != '\'') {
            slug += '-';
        }
        if (slug.size() == slug_limit) break;
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    if (slug.empty()) return "offer";
    return slug.size() == 1 ? "offer-" + slug : slug;
}

bool is_slug(std::string_view text) {
    if (text.size() < 2 || text.size() > slug_limit) return false;
    if (text.front() == '-' || text.back() == '-') return false;
    return std::ranges::all_of(text, [](char c) { return is_slug_letter(c) || c == '-'; });
}

bool is_utf8(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    std::int32_t length = 0;
    u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<std::int32_t>(text.size()), &error);
    return error == U_BUFFER_OVERFLOW_ERROR || U_SUCCESS(error);
}

bool is_unseen(char32_t character) {
    const auto c = static_cast<UChar32>(character);
    constexpr UChar32 first_annotation = 0xFFF9, last_annotation = 0xFFFB;
    return u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR ||
           u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || U_IS_UNICODE_NONCHAR(c) ||
           c == blank_of_braille || (c >= first_annotation && c <= last_annotation);
}

std::string_view without_unseen_ends(std::string_view utf8) {
    const auto size = static_cast<std::int32_t>(utf8.size());
    const auto unseen = [](UChar32 c) { return c >= 0 && is_unseen(static_cast<char32_t>(c)); };
    std::int32_t first = 0, last = size;
    while (first < size) {
        auto next = first;
        UChar32 c = 0;
        U8_NEXT(utf8.data(), next, size, c);
        if (!unseen(c)) break;
        first = next;
    }
    while (last > first) {
        auto before = last;
        UChar32 c = 0;
        U8_PREV(utf8.data(), first, before, c);
        if (!unseen(c)) break;
        last = before;
    }
    return utf8.substr(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first));
}

std::string as_seen(std::string_view utf8) {
    if (std::ranges::all_of(utf8, [](char c) { return c >= ' ' && c < 127; }))
        return std::string(utf8);
    const auto text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size()))
    );
    icu::UnicodeString seen;
    for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const auto c = text.char32At(i);
        if (u_isUWhiteSpace(c) || c == blank_of_braille) {
            seen.append(u' ');
        } else if (!is_unseen(static_cast<char32_t>(c))) {
            seen.append(c);
        }
    }
    UErrorCode error = U_ZERO_ERROR;
    const auto* composition = icu::Normalizer2::getNFCInstance(error);
    if (U_SUCCESS(error)) seen = composition->normalize(seen, error);
    if (U_FAILURE(error)) throw std::runtime_error("ICU does not compose texts");
    std::string result;
    seen.toUTF8String(result);
    return result;
}

bool is_line(std::string_view text, std::size_t longest) {
    return text.size() <= longest && is_utf8(text) && std::ranges::none_of(text, [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
           });
}

std::string to_hex(std::string_view bytes) {
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace vitrine
