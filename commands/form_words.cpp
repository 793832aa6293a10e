#include "commands/form_words.hpp"

#include <algorithm>
#include <iterator>

namespace vitrine::commands {
namespace {

/// The forms that patterns of schemas want, as their descriptions say them.
constexpr Term forms[] = {
    {"not only blanks and characters that cannot be seen", "não só espaços e caracteres invisíveis"
    },
    {"unique among the tenant's products, upper and lower case differ, what cannot be seen does "
     "not; no blanks at its ends, no control characters",
     "único entre os produtos do tenant, com diferença entre maiúsculas e minúsculas, sem contar "
     "o que não se vê; sem espaços nas pontas, sem caracteres de controle"},
    {"lower-case letters, digits and hyphens, no hyphen at the ends",
     "letras minúsculas, algarismos e hifens, sem hífen nas pontas"},
    {"the product's id on Clubify: letters, digits, hyphens and underscores",
     "o id do produto na Clubify: letras, algarismos, hifens e sublinhados"},
    {"letters, digits, hyphens and underscores, a letter or a digit first",
     "letras, algarismos, hifens e sublinhados, começando por letra ou algarismo"},
    {"of a card, as the platform's form gives it: letters, digits, hyphens and underscores; never "
     "a "
     "number of a card",
     "de um cartão, como o formulário da plataforma dá: letras, algarismos, hifens e sublinhados; "
     "nunca o número de um cartão"},
    {"letters, digits, hyphens and underscores", "letras, algarismos, hifens e sublinhados"},
    {"X- and letters, digits and hyphens: another name for X-Clubify-Signature",
     "X- e letras, algarismos e hifens: outro nome para X-Clubify-Signature"},
};

}  // namespace

Phrase form_words(const std::string& description) {
    const auto* known = std::ranges::find(forms, description, &Term::english);
    return known == std::end(forms) ? Phrase::as_is(description) : Phrase(*known);
}

}  // namespace vitrine::commands
