#include "projections/offer_versions/block.hpp"

#include <charconv>
#include <stdexcept>

namespace vitrine::projections {
namespace {

Version block_of(Version version) {
    return (version - 1) / versions_of_a_block;
}

}  // namespace

bool VersionBlock::takes(Version version) const {
    return version == next_ && block_of(version) == block_of(first_);
}

void VersionBlock::begin(Position position, Version version) {
    valid_from_ = position;
    first_ = version;
    next_ = version + 1;
    is_stored_ = false;
    pending_.assign(1, position);
}

void VersionBlock::add(Position position) {
    pending_.push_back(position);
    ++next_;
}

std::string VersionBlock::pending() const {
    std::string text;
    for (const auto position : pending_) {
        if (is_stored_ || !text.empty()) text += ',';
        text += std::to_string(position);
    }
    return text;
}

void VersionBlock::stored() {
    is_stored_ = true;
    pending_.clear();
}

std::vector<Position> positions_of(std::string_view block) {
    std::vector<Position> positions;
    positions.reserve(versions_of_a_block);
    const char* const end = block.data() + block.size();
    for (const char* at = block.data(); at != end;) {
        const auto [rest, error] = std::from_chars(at, end, positions.emplace_back());
        if (error != std::errc() || (rest != end && *rest != ',')) {
            throw std::runtime_error("a block of versions cannot be read");
        }
        at = rest == end ? end : rest + 1;
    }
    return positions;
}

OfferState BlockReader::read(
    const std::vector<Position>& positions, Version first, Statement& lookup
) {
    OfferState offer;
    for (const auto position : positions) {
        auto row = lookup.run(position);
        if (!row.next()) throw std::runtime_error("a version of an offer has no row");
        fold_.read(offer, row.text(1));
        offer.updated_at = row.time(0);
        offer.position = position;
        offer.version = first++;
    }
    return offer;
}

}  // namespace vitrine::projections
