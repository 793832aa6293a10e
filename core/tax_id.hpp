#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace vitrine {

/// Whom Brazil's revenue service knows: a person by a CPF, a company by a CNPJ.
struct TaxId {
    enum class Kind { cpf, cnpj };
    Kind kind = Kind::cpf;
    std::string
        number;  // without its marks: 11 digits, or 12 digits and capital letters and 2 digits
    bool operator==(const TaxId&) const = default;
};

std::string_view name_of(TaxId::Kind kind);  // "cpf", "cnpj"

enum class NoTaxId {
    form,          // neither 11 digits nor 14 digits and letters
    check_digits,  // or all its digits are the same: such are given to nobody
};

/// Written with its marks ("529.982.247-25", "12.ABC.345/01DE-35"), without them, or with blanks. A
/// CNPJ may have letters since July of 2026 but in its two check digits.
std::expected<TaxId, NoTaxId> tax_id(std::string_view text);

}  // namespace vitrine
