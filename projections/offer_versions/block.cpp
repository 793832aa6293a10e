#include "projections/offer_versions/block.hpp"

namespace vitrine::projections {
namespace {

constexpr Version versions_of_a_block = 16;

Version block_of(Version version) {
    return (version - 1) / versions_of_a_block;
}

}  // namespace

bool VersionBlock::takes(Version version) const {
    return first_ != 0 && block_of(version) == block_of(first_);
}

void VersionBlock::add(const OfferState& state, OfferMembers changed) {
    if (!takes(state.version)) {
        valid_from_ = state.position;
        first_ = state.version;
        is_stored_ = false;
        pending_ = "[";
        changed = OfferMembers::all;
    } else if (pending_.empty()) {
        pending_ = ",";
    } else {
        pending_.back() = ',';
    }
    pending_ += '{';
    append_number(pending_, "position", static_cast<std::int64_t>(state.position));
    append_number(pending_, "version", static_cast<std::int64_t>(state.version));
    append_name(pending_, "changes");
    append_rendered(pending_, state, changed);
    pending_ += "}]";
}

void VersionBlock::stored() {
    is_stored_ = true;
    pending_ = {};
}

}  // namespace vitrine::projections
