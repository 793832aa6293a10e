#include "queries/customers/customers.hpp"

#include <nlohmann/json.hpp>

#include "core/email_address.hpp"
#include "core/phone_number.hpp"
#include "core/shortest_numbers.hpp"
#include "core/tax_id.hpp"
#include "projections/customers/tag_word.hpp"
#include "projections/listed.hpp"
#include "queries/customers/mask.hpp"
#include "queries/customers/merged_tags.hpp"
#include "queries/listed.hpp"

namespace vitrine::queries {
namespace {

/// In its one spelling, by which rows are found; nullopt: it is none.
std::optional<std::string> spelled(const std::string& column, const std::string& text) {
    if (column == "email") return email_address(text);
    if (column == "phone") {
        auto number = phone_number(text);
        return number ? std::optional(*std::move(number)) : std::nullopt;
    }
    auto id = tax_id(text);
    return id ? std::optional(std::move(id->number)) : std::nullopt;
}

/// Of one into whom others were merged the tags are those of all.
void join_tags(const ReadSide& reads, const TenantId& tenant, std::string_view id, Answer& answer) {
    auto lease = reads.projections.read_model(customers_model).lease();
    if (!lease) return;
    projections::ListedReader rows(*std::move(lease), customers_model);
    auto merged = merged_tags(rows, tenant, id);
    if (merged.told == 0) return;
    auto json = nlohmann::ordered_json::parse(answer.body);
    if (json.at("status") != "active") return;
    for (auto& tag : json.value("tags", std::vector<std::string>()))
        merged.tags.insert(std::move(tag));
    json["tags"] = merged.tags;
    answer.body = with_shortest_numbers(json.dump());
    answer.facts = merged.told;
}

}  // namespace

Result get_customer(
    const ReadSide& reads, const TenantId& tenant, std::string_view id, bool masked
) {
    auto found = get_listed(
        reads, tenant, customers_model, id, {"there is no such customer", "este cliente não existe"}
    );
    if (found) join_tags(reads, tenant, id, *found);
    if (found && masked) found->body = masked_customer(found->body);
    return found;
}

Result list_customers(
    const ReadSide& reads,
    const TenantId& tenant,
    const ListParameters& parameters,
    const CustomerFilter& filter,
    std::vector<Fault> faults
) {
    OnlyWith only;
    const auto ask_by = [&](const char* column, const std::optional<std::string>& text) {
        if (!text) return;
        const auto pointer = '/' + std::string(column);
        auto value = spelled(column, *text);
        if (!only.column.empty()) {
            faults.push_back(
                {pointer,
                 "one_of",
                 {"only one of email, phone and document is asked by",
                  "pergunta-se por apenas um entre email, phone e document"}}
            );
        } else if (!value) {
            faults.push_back(
                {pointer, "form", {"has not the form of one", "não tem a forma esperada"}}
            );
        } else {
            only.value = *std::move(value);
        }
        only.column = column;
    };
    ask_by("email", filter.email);
    ask_by("phone", filter.phone);
    ask_by("document", filter.document);
    if (filter.tag) only.word = projections::tag_word(*filter.tag);
    return list_listed(
        reads,
        tenant,
        customers_model,
        parameters,
        std::move(faults),
        std::move(only),
        filter.masked ? masked_customer : nullptr
    );
}

}  // namespace vitrine::queries
