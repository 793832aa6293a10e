#include "core/tax_id.hpp"

#include <algorithm>

namespace vitrine {
namespace {

constexpr std::size_t cpf_size = 11;
constexpr std::size_t cnpj_size = 14;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_mark(char c) {
    return c == '.' || c == '-' || c == '/' || c == ' ';
}

char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// The digit behind `text`: the weights go up from 2 at its end, and begin again behind `highest`.
/// What a letter is worth is how far it stands behind "0", as with digits.
char check_digit(std::string_view text, int highest) {
    constexpr int modulus = 11;
    int sum = 0;
    int weight = 2;
    for (auto c = text.rbegin(); c != text.rend(); ++c) {
        sum += (*c - '0') * weight;
        weight = weight == highest ? 2 : weight + 1;
    }
    const int rest = sum % modulus;
    return static_cast<char>('0' + (rest < 2 ? 0 : modulus - rest));
}

bool bears_check_digits(std::string_view number, int highest) {
    const auto first = number.size() - 2;
    return number[first] == check_digit(number.substr(0, first), highest) &&
           number[first + 1] == check_digit(number.substr(0, first + 1), highest);
}

bool is_one_letter(std::string_view number) {
    return number.find_first_not_of(number.front()) == std::string_view::npos;
}

}  // namespace

std::string_view name_of(TaxId::Kind kind) {
    return kind == TaxId::Kind::cpf ? "cpf" : "cnpj";
}

std::expected<TaxId, NoTaxId> tax_id(std::string_view text) {
    TaxId id;
    for (const char c : text) {
        if (is_mark(c)) continue;
        const char letter = upper(c);
        const bool is_letter = is_digit(letter) || (letter >= 'A' && letter <= 'Z');
        if (!is_letter || id.number.size() == cnpj_size) return std::unexpected(NoTaxId::form);
        id.number += letter;
    }
    constexpr int highest_of_cpf = 11, highest_of_cnpj = 9;
    const bool is_cpf = id.number.size() == cpf_size && std::ranges::all_of(id.number, is_digit);
    if (!is_cpf) {
        id.kind = TaxId::Kind::cnpj;
        if (id.number.size() != cnpj_size || !is_digit(id.number[cnpj_size - 2]) ||
            !is_digit(id.number[cnpj_size - 1]))
            return std::unexpected(NoTaxId::form);
    }
    if (is_one_letter(id.number) ||
        !bears_check_digits(id.number, is_cpf ? highest_of_cpf : highest_of_cnpj))
        return std::unexpected(NoTaxId::check_digits);
    return id;
}

}  // namespace vitrine
