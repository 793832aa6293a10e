#include "queries/listed.hpp"

#include <functional>

#include "core/text.hpp"
#include "projections/listed.hpp"
#include "projections/sales/projector.hpp"
#include "queries/list_page.hpp"
#include "queries/parameters.hpp"

namespace vitrine::queries {
namespace {

std::optional<projections::ListPage::Created> read_created(
    const DaysParameters& asked, Timestamp now, std::vector<Fault>& faults
) {
    if (!asked.any()) return std::nullopt;
    const auto window = window_of(read_days(asked, now, faults).days, projections::sales_zone());
    return projections::ListPage::Created{window.begin, window.end};
}

}  // namespace

Result get_listed(
    const ReadSide& reads,
    const TenantId& tenant,
    const char* model,
    std::string_view id,
    const Term& none,
    std::string_view hidden_status
) {
    auto lease = reads.projections.read_model(model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader rows(std::move(*lease), model);
    auto row = rows.find(tenant, id);
    if (!row || (!hidden_status.empty() && row->status == hidden_status))
        return std::unexpected(not_found(none));
    Answer answer;
    answer.body = std::move(row->body);
    answer.version = row->version;
    answer.position = rows.position();
    return answer;
}

Result list_listed(
    const ReadSide& reads,
    const TenantId& tenant,
    const char* model,
    const ListParameters& parameters,
    std::vector<Fault> faults,
    OnlyWith only,
    std::string (*shown_as)(std::string_view body)
) {
    const auto request = read_list(parameters, faults);
    const auto created = read_created(only.created, reads.clock(), faults);
    if (!faults.empty()) return std::unexpected(invalid(std::move(faults)));
    const auto status = parameters.status.value_or("");
    const auto type = parameters.type.value_or("");
    if (auto sku = as_seen(parameters.sku.value_or("")); !sku.empty())
        only = {.column = "sku", .value = std::move(sku)};
    const projections::ListPage wanted{
        .status = status,
        .type = type,
        .search = request.search,
        .word = only.word,
        .column = only.column,
        .value = only.value,
        .created = created,
        .sort = request.sort.by,
        .descending = request.sort.descending,
        .after = request.after,
        .limit = request.limit
    };
    auto lease = reads.projections.read_model(model).lease();
    if (!lease) return std::unexpected(not_ready());
    projections::ListedReader rows(std::move(*lease), model);
    auto page = rows.list(tenant, wanted);
    if (shown_as != nullptr) {
        for (auto& body : page.items) body = shown_as(body);
    }
    return list_answer(
        page.items,
        rows.position(),
        page.next ? encode_cursor(request.sort, *page.next) : std::string(),
        std::identity()
    );
}

}  // namespace vitrine::queries
