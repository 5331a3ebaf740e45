// Faults of pulling parts of blobs (end-2, RFC 9110 section 14).
#include "byte_range.hpp"
#include "deviation_tools.hpp"

namespace referee::registry {

namespace {

/// The positions in a Range of one part, `first-last`; either may be missing.
struct Positions {
  std::optional<std::uint64_t> first;
  std::optional<std::uint64_t> last;
};
std::optional<Positions> positions(const Request& request) {
  auto text = request.headers.value("Range");
  if (!on(request, Method::kGet, Endpoint::kBlob) || !text.starts_with("bytes=")) return std::nullopt;
  text.remove_prefix(6);
  const auto dash = text.find('-');
  if (dash == std::string_view::npos || text.find(',') != std::string_view::npos) return std::nullopt;
  Positions found;
  std::uint64_t number = 0;
  if (parse_number(text.substr(0, dash), number)) found.first = number;
  if (parse_number(text.substr(dash + 1), number)) found.last = number;
  return found;
}

std::uint64_t blob_size(const Request& request, Core& core) {
  const auto content = core.store().find_blob(request.route.repository, request.route.reference);
  return content ? content->size() : 0;
}

void set_range(Request& request, std::uint64_t first, std::uint64_t last) {
  request.headers.set("Range", "bytes=" + std::to_string(first) + "-" + std::to_string(last));
}

/// Content-Range moved by one on both ends.
void shift_content_range(const Request& request, Response& response, Core& core) {
  if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 206) return;
  const auto first = response.offset + 1;
  response.headers.set("Content-Range", "bytes " + std::to_string(first) + "-" +
                                            std::to_string(first + response.length - 1) + "/" +
                                            std::to_string(blob_size(request, core)));
}

const Deviation kRangeDeviations[] = {
    {.info = {"r.blob.range-off-by-one", kFault, "the last position of a range is taken as exclusive"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto range = positions(request);
       if (range && range->first && range->last && *range->last > *range->first)
         set_range(request, *range->first, *range->last - 1);
       return std::nullopt;
     }},
    {.info = {"r.blob.range-open-cut", kFault, "an open range leaves out the last byte"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       const auto range = positions(request);
       if (!range || !range->first || range->last) return std::nullopt;
       const auto size = blob_size(request, core);
       if (size >= 2 && *range->first < size - 1) set_range(request, *range->first, size - 2);
       return std::nullopt;
     }},
    {.info = {"r.blob.range-suffix-as-offset", kFault, "a suffix range serves the beginning"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto range = positions(request);
       if (range && !range->first && range->last) set_range(request, 0, *range->last);
       return std::nullopt;
     }},
    {.info = {"r.blob.range-no-clamp", kFault, "a range that ends beyond the blob is answered with 416"},
     .before = [](Request& request, Core& core) -> std::optional<Response> {
       const auto range = positions(request);
       if (!range || !range->first || !range->last || *range->last < blob_size(request, core)) return std::nullopt;
       if (!core.store().has_blob(request.route.repository, request.route.reference)) return std::nullopt;
       return problem(416, code::kSizeInvalid, "the range is not within the blob");
       return std::nullopt;
     }},
    {.info = {"r.blob.range-206-empty", kFault, "a range beyond the blob is answered with 206 and no bytes"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 416) return;
           response = Response{};
           response.status = 206;
           response.headers.add("Content-Type", "application/octet-stream");
         }},
    {.info = {"r.blob.range-at-end", kFault, "a range that begins at the end is answered with 206 and no bytes"},
     .after =
         [](const Request& request, Response& response, Core& core) {
           if (!on(request, Method::kGet, Endpoint::kBlob) || response.status != 416) return;
           const auto size = std::to_string(blob_size(request, core));
           const auto range = std::string(request.headers.value("Range"));
           if (range != "bytes=" + size + "-" && range != "bytes=-0") return;
           response = Response{};
           response.status = 206;
           response.headers.add("Content-Range", "bytes " + size + "-" + size + "/" + size);
         }},
    {.info = {"r.blob.416-no-content-range", kFault, "a 416 does not say how long the blob is"},
     .after = without<Method::kGet, Endpoint::kBlob, 416, "Content-Range">},
    {.info = {"r.blob.range-inverted-206", kFault,
              "a range whose end precedes its start is served the other way round"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto range = positions(request);
       if (range && range->first && range->last && *range->first > *range->last)
         set_range(request, *range->last, *range->first);
       return std::nullopt;
     }},
    {.info = {"r.blob.range-unit-any", kFault, "every range unit is taken for bytes"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto header = std::string(request.headers.value("Range"));
       const auto equals = header.find('=');
       if (reads(request, Endpoint::kBlob) && equals != std::string::npos) {
         request.headers.set("Range", "bytes" + header.substr(equals));
       }
       return std::nullopt;
     }},
    {.info = {"r.blob.range-several-mislabelled", kFault,
              "of two ranges the second is served under the name of the first"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       const auto header = std::string(request.headers.value("Range"));
       const auto comma = header.find(',');
       if (!on(request, Method::kGet, Endpoint::kBlob) || comma == std::string::npos) return std::nullopt;
       request.query.set("referee-first", header.substr(6, comma - 6));
       request.headers.set("Range", "bytes=" + std::string(trim(std::string_view(header).substr(comma + 1))));
       return std::nullopt;
     },
     .after =
         [](const Request& request, Response& response, Core& core) {
           const auto first = request.query.get("referee-first");
           if (!first || response.status != 206) return;
           response.headers.set("Content-Range",
                                "bytes " + std::string(*first) + "/" + std::to_string(blob_size(request, core)));
         }},
    {.info = {"r.blob.no-content-range", kFault, "a part comes without Content-Range"},
     .after = without<Method::kGet, Endpoint::kBlob, 206, "Content-Range">},
    {.info = {"r.blob.wrong-content-range", kFault, "Content-Range is one byte off"}, .after = shift_content_range},
    {.info = {"r.blob.if-range-ignored", kFault, "a part is served although If-Range does not hold"},
     .before = [](Request& request, Core&) -> std::optional<Response> {
       if (on(request, Method::kGet, Endpoint::kBlob)) request.headers.remove("If-Range");
       return std::nullopt;
     }},
    {.info = {"r.blob.head-range-206", kFault, "HEAD with a Range is answered with 206"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!on(request, Method::kHead, Endpoint::kBlob) || response.status != 200) return;
           if (!request.headers.has("Range") || response.length < 2) return;
           response.status = 206;
           response.length = 2;
         }},
    {.info = {"r.blob.accept-ranges-none", kFault, "Accept-Ranges is none although ranges work"},
     .after =
         [](const Request& request, Response& response, Core&) {
           if (!reads(request, Endpoint::kBlob) || response.status != 200) return;
           response.headers.set("Accept-Ranges", "none");
         }},
};

}  // namespace

std::span<const Deviation> range_deviations() {
  return kRangeDeviations;
}

}  // namespace referee::registry
