import Foundation

/// A drawing's size: what gnuplot draws on, and the room that letters have there.
struct Canvas: Sendable {
    let suffix: String
    let isNarrow: Bool
    /// Width and height without a key, and the size of letters, in one unit.
    let width: Double
    let height: Double
    let letter: Double
    private let words: @Sendable (_ width: Double, _ height: Double, _ letter: Double) -> String

    /// For wide windows, and for phones and columns of 8 cm, where its letters are 8 pt.
    static let svg = [
        Canvas(suffix: ".svg", isNarrow: false, width: 720, height: 430, letter: 16) {
            "svg size \(Int($0)),\(Int($1)) fixed font 'sans-serif,\(Int($2))' linewidth 1.6"
        },
        Canvas(suffix: "-narrow.svg", isNarrow: true, width: 360, height: 270, letter: 13) {
            "svg size \(Int($0)),\(Int($1)) fixed font 'sans-serif,\(Int($2))' linewidth 1.3"
        },
    ]
    /// A column of 8 cm in letters of 8 pt; gnuplot's pdfcairo draws two thirds of the size that it is told.
    static let pdf = Canvas(suffix: ".pdf", isNarrow: true, width: 8, height: 6, letter: 8 * 2.54 / 72) {
        String(
            format: "pdfcairo size %.2fcm,%.2fcm font 'sans,%.0f' linewidth 0.9", $0, $1, ($2 / 2.54 * 72) * 3 / 2)
    }

    func terminal(more: Double) -> String { words(width, height + more, letter) }
}

/// The key above a plot: columns and height, from the letters of its longest name.
struct Key {
    let columns: Int
    let height: Double
    /// Of a name that fits into one column.
    let mostLetters: Int

    init(_ curves: Curves, on canvas: Canvas) {
        // The key begins where the plot does.
        let letters = canvas.width / (0.58 * canvas.letter) - 8
        mostLetters = Int(letters) - 6
        let names = curves.isCrowd ? [] : curves.series.filter(\.isListed).map(\.name)
        let longest = names.map { Typesetting($0).shortened(most: Int(letters) - 6).width }.max() ?? 0
        columns = max(min(Int(letters / (longest + 9)), names.count, 6), 1)
        // A crowd has a bar of colors in its place.
        let rows = curves.isCrowd ? 2 : (names.count + columns - 1) / columns
        height = 1.25 * canvas.letter * Double(rows)
    }
}
