#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sizes.hpp"

namespace referee::suites::benchmarks {

/// What there is after so many builds. The image is the one that never changes.
struct RebuildPoint {
  std::size_t builds = 0;
  std::size_t found = 0;         ///< signatures on the image
  std::size_t tags = 0;          ///< in the repository, those of the images too
  std::uint64_t stored = 0;      ///< bytes of attachments and lists, superseded ones too; of images nothing
  std::uint64_t superseded = 0;  ///< of these: lists that no tag leads to any more
  std::uint64_t list_bytes = 0;  ///< of one discovery, or of the list that came with the image
  std::uint64_t document = 0;    ///< size of the document that is written again for each attachment, if there is one
  std::vector<double> newest;    ///< seconds of verifications that ask for the newest signature
  std::uint64_t newest_requests = 0;
  std::vector<double> all;  ///< the same for all signatures
  std::uint64_t all_requests = 0;
};

/// Tables, charts and findings of one size.
class RebuildReport {
 public:
  RebuildReport(Account& account, const RebuildSizes& sizes);
  void add(const Contender& contender, const RebuildPoint& point);
  /// The build in which the registry or the protocol took no more.
  void limit(const Contender& contender, std::size_t build, const std::string& message);
  void close();

 private:
  struct Row {
    Contender contender;
    RebuildPoint first;
    RebuildPoint last;
    std::string limit;
  };
  Row& row(const Contender& contender);
  void find();

  Account& account_;
  RebuildSizes sizes_;
  std::vector<Row> rows_;
  bench::Chart found_, tags_, stored_, list_, newest_, all_;
};

}  // namespace referee::suites::benchmarks
