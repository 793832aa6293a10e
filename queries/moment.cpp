#include "queries/moment.hpp"

#include "core/time.hpp"
#include "queries/parameters.hpp"
#include "store/commit_unknown.hpp"

namespace vitrine::queries {
namespace {

QueryError refused(const char* code, Phrase detail) {
    return invalid({{"/as_of", code, std::move(detail)}});
}

AsOf moment_at(const ReadSide& reads, Position position) {
    if (position > reads.store.head())
        return std::unexpected(refused(
            "out_of_range",
            {"as_of is above the last position", "as_of está acima da última posição"}
        ));
    projections::Moment moment{position, {}};
    if (position == 0) return moment;
    const auto events = reads.store.read_all(position, {}, 1, store::Direction::backwards);
    if (!events.empty()) moment.time = events.front().recorded_at;
    return moment;
}

std::expected<Version, QueryError> read_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of_version
) {
    const auto version = parse_number(as_of_version);
    if (!version || *version == 0) {
        return std::unexpected(invalid(
            {{"/as_of_version",
              "invalid",
              {"as_of_version is a whole number from 1",
               "as_of_version é um número inteiro a partir de 1"}}}
        ));
    }
    const auto present = reads.store.stream_version(tenant, events::stream_of(id));
    if (present == 0)
        return std::unexpected(not_found({"there is no such offer", "esta oferta não existe"}));
    if (*version > present) {
        return std::unexpected(invalid(
            {{"/as_of_version",
              "out_of_range",
              phrase("the offer is at version {}", "a oferta está na versão {}", present)}}
        ));
    }
    return *version;
}

}  // namespace

AsOf read_moment(const ReadSide& reads, std::string_view as_of) {
    if (const auto position = parse_number(as_of)) return moment_at(reads, *position);
    const auto time = parse_time(as_of);
    if (!time) {
        return std::unexpected(refused(
            "invalid",
            {"as_of is a time like 2011-04-01T03:00:00Z, or a position",
             "as_of é uma hora como 2011-04-01T03:00:00Z, ou uma posição"}
        ));
    }
    if (*time > reads.clock())
        return std::unexpected(
            refused("out_of_range", {"as_of is in the future", "as_of está no futuro"})
        );
    try {
        return projections::Moment{reads.store.position_at(*time), *time};
    } catch (const store::CommitUnknown&) {
        auto error = not_ready();
        error.detail = {
            "the log cannot be opened: what its end is, is not known",
            "o registro não pode ser aberto: não se sabe qual é o seu fim"
        };
        return std::unexpected(std::move(error));
    }
}

AsOf read_moment_of_version(
    const ReadSide& reads, const TenantId& tenant, const OfferId& id, std::string_view as_of_version
) {
    const auto version = read_version(reads, tenant, id, as_of_version);
    if (!version) return std::unexpected(version.error());
    const auto events = reads.store.read_stream(
        tenant, events::stream_of(id), *version, 1, store::Direction::forwards
    );
    return projections::Moment{events.at(0).position, events.at(0).recorded_at};
}

}  // namespace vitrine::queries
