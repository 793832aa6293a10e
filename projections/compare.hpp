#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "projections/projector.hpp"

namespace vitrine::projections {

/// One row that two files of a read model do not have in common, or not alike.
struct RowDifference {
    std::string table;
    std::string key;     // "acme/0190…"
    std::string column;  // of the first difference; empty: the row is on one side only
    std::string live;    // empty: absent there, or NULL
    std::string rebuilt;
};

struct TableComparison {
    std::string table;
    std::uint64_t live_rows = 0;
    std::uint64_t rebuilt_rows = 0;
    std::uint64_t only_live = 0;
    std::uint64_t only_rebuilt = 0;
    std::uint64_t different = 0;
    std::string live_digest;  // SHA-256 of every row in key order, hexadecimal
    std::string rebuilt_digest;
};

struct Comparison {
    std::vector<TableComparison> tables;
    std::vector<RowDifference> examples;  // the first few
    bool equal() const;
};

/// Told how many of the rows of both files have been looked at: first that none have, then now and
/// then, in the end that all have. What it throws ends the comparison.
using RowsCompared = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Walks both files row by row. Both stand at the same position, or the answer means nothing.
/// Throws if a file cannot be read.
Comparison compare(
    const Projection& projection,
    const std::filesystem::path& live,
    const std::filesystem::path& rebuilt,
    const RowsCompared& compared = {},
    std::size_t example_limit = 20
);

}  // namespace vitrine::projections
