#include "core/tax_id.hpp"

#include <rapidcheck.h>
#include <array>

#include "tests/support/catch.hpp"

using namespace vitrine;
using enum TaxId::Kind;

namespace {

/// The two digits as the revenue service writes their sum down: a weight for each place.
std::string check_digits_by_hand(std::string number, TaxId::Kind kind) {
    static constexpr std::array cpf_weights{11, 10, 9, 8, 7, 6, 5, 4, 3, 2};
    static constexpr std::array cnpj_weights{6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2};
    for (int round = 0; round < 2; ++round) {
        int sum = 0;
        for (std::size_t i = 0; i < number.size(); ++i) {
            const auto back = number.size() - i;
            sum += (number[i] - '0') *
                   (kind == TaxId::Kind::cpf ? cpf_weights[10 - back] : cnpj_weights[13 - back]);
        }
        const int rest = sum % 11;
        number += static_cast<char>('0' + (rest < 2 ? 0 : 11 - rest));
    }
    return number;
}

}  // namespace

TEST_CASE(
    "a CPF and a CNPJ are known by their check digits, however they are written", "[document]"
) {
    struct Row {
        std::string_view given;
        TaxId known;
    };
    const Row row = GENERATE(
        Row{"529.982.247-25", {cpf, "52998224725"}},
        Row{"52998224725", {cpf, "52998224725"}},
        Row{" 529 982 247 25 ", {cpf, "52998224725"}},
        Row{"000.000.001-91", {cpf, "00000000191"}},
        Row{"11.222.333/0001-81", {cnpj, "11222333000181"}},
        Row{"11222333000181", {cnpj, "11222333000181"}},
        Row{"00.000.000/0001-91", {cnpj, "00000000000191"}},
        Row{"12.ABC.345/01DE-35", {cnpj, "12ABC34501DE35"}},
        Row{"12abc34501de35", {cnpj, "12ABC34501DE35"}}
    );
    CAPTURE(row.given);
    CHECK(tax_id(row.given) == row.known);
}

TEST_CASE("what is neither a CPF nor a CNPJ says why", "[document]") {
    struct Row {
        std::string_view given;
        NoTaxId why;
    };
    const Row row = GENERATE(
        Row{"", NoTaxId::form},
        Row{"123", NoTaxId::form},
        Row{"5299822472", NoTaxId::form},
        Row{"529982247250", NoTaxId::form},
        Row{"529.982.247-2X", NoTaxId::form},
        Row{"529_982_247_25", NoTaxId::form},
        Row{"12ABC34501DE3X", NoTaxId::form},
        Row{"112223330001811", NoTaxId::form},
        Row{"12AB\u00c734501DE35", NoTaxId::form},
        Row{"529.982.247-26", NoTaxId::check_digits},
        Row{"529.982.247-15", NoTaxId::check_digits},
        Row{"111.111.111-11", NoTaxId::check_digits},
        Row{"11.222.333/0001-82", NoTaxId::check_digits},
        Row{"00000000000000", NoTaxId::check_digits},
        Row{"12ABC34501DE36", NoTaxId::check_digits}
    );
    CAPTURE(row.given);
    CHECK(tax_id(row.given) == std::unexpected(row.why));
}

TEST_CASE(
    "of all numbers with their check digits each is one, and no other of its kind", "[document]"
) {
    rc::check([] {
        const auto kind = *rc::gen::element(cpf, cnpj);
        constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        const auto allowed = kind == cpf ? letters.substr(0, 10) : letters;
        const auto number = *rc::gen::container<std::string>(
            kind == cpf ? 9 : 12, rc::gen::elementOf(std::string(allowed))
        );
        RC_PRE(number.find_first_not_of(number.front()) != std::string::npos);
        const auto whole = check_digits_by_hand(number, kind);
        RC_ASSERT((tax_id(whole) == TaxId{kind, whole}));
        // One digit or letter written wrong: the sum's weights tell. Of letters eleven apart they
        // do not, as the service's own rule.
        const auto place = *rc::gen::inRange<std::size_t>(0, whole.size());
        auto other = whole;
        other[place] = *rc::gen::elementOf(std::string(allowed.substr(0, 10)));
        RC_PRE(other != whole && (other[place] - whole[place]) % 11 != 0);
        RC_ASSERT(!tax_id(other).has_value());
    });
}
