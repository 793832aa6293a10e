#include "queries/bumps/receipt_words.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

namespace vitrine::queries {
namespace {

using Json = nlohmann::ordered_json;

std::string grouped(std::int64_t cents, char group, char point) {
    const auto whole = std::to_string(cents / 100);
    std::string out;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i != 0 && (whole.size() - i) % 3 == 0) out += group;
        out += whole[i];
    }
    const auto rest = std::to_string(cents % 100);
    return out + point + (rest.size() == 1 ? "0" : "") + rest;
}

std::string_view symbol_of(std::string_view currency) {
    if (currency == "BRL") return "R$";
    if (currency == "USD") return "US$";
    if (currency == "EUR") return "€";
    return currency == "GBP" ? "£" : currency;
}

/// Each kind of stage has its words; what is taken off is told as an amount taken off.
Phrase words_of_stage(const std::string& stage, const Phrase& amount, const Receipt& receipt) {
    if (stage == "base") return phrase("{} by the list", "{} pela tabela", amount);
    if (stage == "price_list")
        return phrase(
            "{} by a price list that is for you",
            "{} por uma lista de preços que vale para você",
            amount
        );
    if (stage == "offer_price")
        return phrase("{} by the price of this offer", "{} pelo preço desta oferta", amount);
    if (stage == "offer_discount")
        return phrase("{} by the discount of this offer", "{} pelo desconto desta oferta", amount);
    if (stage == "bump")
        return phrase("{} for what you took besides", "{} pelo que você levou junto", amount);
    if (stage == "coupon")
        return phrase(
            "{} by the coupon {}",
            "{} pelo cupom {}",
            amount,
            std::string_view(receipt.code.value_or(""))
        );
    if (stage == "shipping") return phrase("{} of shipping", "{} de frete", amount);
    return phrase("{} of interest", "{} de juros", amount);
}

Phrase words_of_quote(const Receipt& receipt) {
    const auto quote = Json::parse(receipt.quote.text);
    std::vector<std::pair<std::string, std::int64_t>> sums;
    for (const auto& stage : quote.at("stages")) {
        const auto name = stage.at("stage").get<std::string>();
        const auto same =
            std::ranges::find(sums, name, &std::pair<std::string, std::int64_t>::first);
        auto& sum = same == sums.end() ? sums.emplace_back(name, 0) : *same;
        sum.second += stage.at("delta_cents").get<std::int64_t>();
    }
    Phrase parts;
    for (const auto& [stage, sum] : sums) {
        if (!parts.empty()) parts += Phrase::as_is(", ");
        parts += words_of_stage(stage, amount_of(sum, receipt.currency), receipt);
    }
    return phrase(
        "Your order came to {}: {}.",
        "O seu pedido somou {}: {}.",
        amount_of(receipt.price_cents.value_or(0), receipt.currency),
        parts
    );
}

/// Why it was offered: only what is of this buyer.
Phrase because(const Receipt& receipt) {
    Phrase words;
    const auto add = [&](const Phrase& reason) {
        words += words.empty() ? Phrase(", because ", ", porque ") : Phrase(" and ", " e ");
        words += reason;
    };
    for (const auto& reason : receipt.reasons) {
        if (!reason.pass) continue;
        if (reason.rule == "cart_value_min" && reason.expected.text != "0")
            add(phrase(
                "your cart came to {} or more",
                "o seu carrinho somou {} ou mais",
                amount_of(std::strtoll(reason.expected.text.c_str(), nullptr, 10), receipt.currency)
            ));
        if (reason.rule == "required_products")
            add({"of what is in your cart", "do que está no seu carrinho"});
        if (reason.rule == "customer_segments") {
            std::string groups;
            for (const auto& each : Json::parse(reason.actual.text))
                groups += (groups.empty() ? "" : ", ") + each.get<std::string>();
            add(phrase("you are in the group {}", "você está no grupo {}", std::string_view(groups))
            );
        }
    }
    return words;
}

}  // namespace

Phrase amount_of(std::int64_t cents, const std::string& currency) {
    const std::string sign = cents < 0 ? "-" : "";
    const auto before = sign + std::string(symbol_of(currency)) + ' ';
    const auto plain = std::abs(cents);
    return {before + grouped(plain, ',', '.'), before + grouped(plain, '.', ',')};
}

Phrase words_of(const Receipt& receipt) {
    if (receipt.kind == "quote") return words_of_quote(receipt);
    const std::string_view name = receipt.name.empty() ? receipt.bump : receipt.name;
    const auto price = amount_of(receipt.price_cents.value_or(0), receipt.currency);
    if (receipt.kind == "bump_displayed") {
        auto words =
            phrase("We offered you “{}” for {}", "Oferecemos a você “{}” por {}", name, price);
        if (receipt.full_cents && *receipt.full_cents != receipt.price_cents)
            words += phrase(
                " instead of {}", " em vez de {}", amount_of(*receipt.full_cents, receipt.currency)
            );
        return words + because(receipt) + Phrase(".", ".");
    }
    if (receipt.kind == "bump_accepted")
        return phrase(
            "You took “{}” for {}: this price stays.",
            "Você levou “{}” por {}: este preço fica.",
            name,
            price
        );
    if (receipt.kind == "bump_declined")
        return phrase("You did not take “{}”.", "Você não levou “{}”.", name);
    if (receipt.kind == "bump_kept")
        return phrase(
            "Your order changed; you keep “{}” for {}.",
            "O seu pedido mudou; você fica com “{}” por {}.",
            name,
            price
        );
    if (receipt.kind == "bump_repriced")
        return phrase(
            "Your order changed, so “{}” costs {} now.",
            "O seu pedido mudou, por isso “{}” agora custa {}.",
            name,
            price
        );
    return phrase(
        "Your order changed, so “{}” was taken out.",
        "O seu pedido mudou, por isso “{}” foi retirado.",
        name
    );
}

}  // namespace vitrine::queries
