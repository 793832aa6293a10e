#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace vitrine {

enum class NoPhoneNumber {
    form,         // other characters than digits and the marks between them
    country,      // no country has that code
    length,       // nobody there has a number of so many digits
    area,         // of Brazil: there is no such area
    ninth_digit,  // of Brazil: a mobile of 8 digits; they have 9 since 2016
    subscriber,   // of Brazil: neither a mobile nor a landline
};

/// As E.164 writes it: "(11) 98765-4321" -> "+5511987654321". Of Brazil by its plan, with or
/// without its code, the 0 of long distance and a carrier's code; of other countries, which are
/// written with
/// "+" and their code, by how many digits their numbers have. Numbers of no place (0800, 4004) are
/// no person's.
std::expected<std::string, NoPhoneNumber> phone_number(std::string_view text);

}  // namespace vitrine
