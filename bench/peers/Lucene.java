// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lucene ANALYSIS index DIRECTORY DOCUMENTS
// Lucene ANALYSIS search DIRECTORY QUERIES SECONDS: see peer.h.
//
// Lucene the usual way: one IndexWriter with a buffer of 256 MB, one thread,
// positions, text stored, forceMerge(1) in the end (it counts). Debian has
// UkrainianMorfologikAnalyzer but not its dictionary, so ANALYSIS is plain
// (words in lower case) or russian (Snowball's stems of those, as in Xapian).
// NEAR is a sloppy phrase. The JVM's start and compiling count in indexing;
// searching is one process, warm.
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsConfig;
import org.apache.lucene.facet.sortedset.DefaultSortedSetDocValuesReaderState;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetCounts;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesFacetField;
import org.apache.lucene.facet.sortedset.SortedSetDocValuesReaderState;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;

public class Lucene {
    static final int HITS = 10;
    static final FacetsConfig FACETS = new FacetsConfig();

    final Analyzer analyzer;
    IndexSearcher searcher;
    SortedSetDocValuesReaderState facets;

    Lucene(boolean russian) {
        analyzer = new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                StandardTokenizer words = new StandardTokenizer();
                TokenStream lower = new LowerCaseFilter(words);
                return new TokenStreamComponents(words, russian
                        ? new SnowballFilter(lower, "Russian") : lower);
            }

            @Override // of prefixes
            protected TokenStream normalize(String field, TokenStream in) {
                return new LowerCaseFilter(in);
            }
        };
    }

    static String unescape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && ++i < text.length()) {
                c = text.charAt(i);
                c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
            }
            out.append(c);
        }
        return out.toString();
    }

    void index(String directory, String documents) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(analyzer);
        config.setRAMBufferSizeMB(256);
        config.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        try (BufferedReader in = Files.newBufferedReader(Paths.get(documents));
             FSDirectory to = FSDirectory.open(Paths.get(directory));
             IndexWriter writer = new IndexWriter(to, config)) {
            for (String line; (line = in.readLine()) != null;) {
                writer.addDocument(document(line.split("\t", -1)));
            }
            writer.forceMerge(1);
        }
    }

    Document document(String[] fields) throws IOException {
        int date = Integer.parseInt(fields[3].replace("-", ""));
        Document document = new Document();
        document.add(new StringField("id", fields[0], Field.Store.YES));
        document.add(new TextField("title", unescape(fields[1]),
                Field.Store.YES));
        document.add(new TextField("text", unescape(fields[2]),
                Field.Store.YES));
        document.add(new IntPoint("date", date));
        document.add(new NumericDocValuesField("date", date));
        document.add(new StringField("source", fields[4], Field.Store.YES));
        document.add(new SortedSetDocValuesFacetField("source", fields[4]));
        document.add(new SortedSetDocValuesFacetField("month",
                fields[3].substring(0, 7)));
        return FACETS.build(document);
    }

    Query parse(String option, String value, String text) throws Exception {
        Query query = new QueryParser("text", analyzer).parse(text);
        Query filter = null;
        if (option.equals("month")) {
            int month = Integer.parseInt(value.replace("-", "")) * 100;
            filter = IntPoint.newRangeQuery("date", month, month + 99);
        } else if (option.equals("source")) {
            filter = new TermQuery(new Term("source", value));
        }
        return filter == null ? query : new BooleanQuery.Builder()
                .add(query, BooleanClause.Occur.MUST)
                .add(filter, BooleanClause.Occur.FILTER).build();
    }

    int search(String[] asked) throws Exception {
        String option = asked[1];
        Query query = parse(option, asked[2], asked[3]);
        TopDocs hits;
        if (option.equals("facets")) {
            FacetsCollector collector = new FacetsCollector();
            hits = FacetsCollector.search(searcher, query, HITS, collector);
            SortedSetDocValuesFacetCounts counts =
                    new SortedSetDocValuesFacetCounts(facets, collector);
            counts.getTopChildren(1000, "source");
            counts.getTopChildren(1000, "month");
        } else if (option.equals("newest")) {
            hits = searcher.search(query, HITS, new Sort(
                    new SortField("date", SortField.Type.INT, true)));
        } else {
            hits = searcher.search(query, HITS);
        }
        for (ScoreDoc hit : hits.scoreDocs) {
            searcher.doc(hit.doc).get("text");
        }
        if (option.equals("snippets")) {
            new UnifiedHighlighter(searcher, analyzer).highlight("text", query,
                    hits);
        }
        return hits.scoreDocs.length;
    }

    /** The rounds of peer.h. */
    void searchAll(String directory, String queries, double seconds)
            throws Exception {
        DirectoryReader reader = DirectoryReader.open(
                FSDirectory.open(Paths.get(directory)));
        searcher = new IndexSearcher(reader);
        facets = new DefaultSortedSetDocValuesReaderState(reader);
        List<String[]> asked = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (String line : Files.readAllLines(Paths.get(queries))) {
            if (System.nanoTime() > end - seconds * 5e8) {
                break;
            }
            String[] fields = line.split("\t", -1);
            asked.add(fields);
            search(fields);
        }
        long[] best = new long[asked.size()];
        int[] hits = new int[asked.size()];
        long last = 0;
        for (int i = 0; i < 3 && (i == 0 || System.nanoTime() + last < end);
                i++) {
            long round = System.nanoTime();
            for (int j = 0; j < best.length; j++) {
                long begun = System.nanoTime();
                hits[j] = search(asked.get(j));
                long took = System.nanoTime() - begun;
                best[j] = i == 0 ? took : Math.min(best[j], took);
            }
            last = System.nanoTime() - round;
        }
        for (int i = 0; i < best.length; i++) {
            System.out.println(asked.get(i)[0] + "\t" + best[i] + "\t"
                    + hits[i]);
        }
        reader.close();
    }

    public static void main(String[] args) throws Exception {
        Lucene lucene = new Lucene(args[0].equals("russian"));
        if (args[1].equals("index")) {
            lucene.index(args[2], args[3]);
        } else {
            lucene.searchAll(args[2], args[3], Double.parseDouble(args[4]));
        }
    }
}
