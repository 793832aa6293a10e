#include "core/phrase.hpp"

#include <algorithm>
#include <utility>

namespace vitrine {
namespace {

std::string fill(std::string_view pattern, std::initializer_list<Phrase> parts, Language language) {
    std::string text;
    for (const auto& part : parts) {
        const auto hole = pattern.find("{}");
        text.append(pattern.substr(0, hole)).append(part.in(language));
        pattern.remove_prefix(hole + 2);
    }
    return text.append(pattern);
}

}  // namespace

std::string_view language_tag(Language language) {
    return language == Language::portuguese ? "pt-BR" : "en";
}

Phrase::Phrase(std::string english, std::string portuguese)
    : english_(std::move(english)), portuguese_(std::move(portuguese)) {}

Phrase::Phrase(const Term& term) : english_(term.english), portuguese_(term.portuguese) {}

Phrase Phrase::as_is(std::string text) {
    auto again = text;
    return {std::move(text), std::move(again)};
}

const std::string& Phrase::in(Language language) const {
    return language == Language::portuguese ? portuguese_ : english_;
}

Phrase& Phrase::operator+=(const Phrase& more) {
    english_ += more.english_;
    portuguese_ += more.portuguese_;
    return *this;
}

Phrase operator+(Phrase first, const Phrase& second) {
    return first += second;
}

Phrase fill_in(
    std::string_view english, std::string_view portuguese, std::initializer_list<Phrase> parts
) {
    return {fill(english, parts, Language::english), fill(portuguese, parts, Language::portuguese)};
}

}  // namespace vitrine
