// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What {ITerraLuminaSale} speaks of.
interface ISaleTypes {
    /// @notice The life of a sale; the last two are for ever.
    enum SaleState {
        None, // never opened
        Open, // announced, running, or over and not finalized
        Succeeded, // for ever: commitments are minted
        Failed // for ever: commitments are paid back
    }

    /// @notice The life of a commitment; the last three are for ever.
    enum CommitmentState {
        None, // never made
        Open, // counts; its money is in escrow
        Cancelled, // by the buyer; a fiat one by the attestor
        Settled, // minted; its money is the project's
        Refunded // the sale failed, or the ledger didn't mint it in time
    }

    /// @notice Where a commitment was paid, and so where its money goes back to.
    enum Method {
        Escrow, // paid here
        Fiat // paid elsewhere, on a payment attestor's word; refunded there too
    }

    /// @notice Fixed when the sale opens.
    /// @param currency ERC-20 that buyers pay in; may not keep a part of what it moves
    /// @param pricePerUnit Base units of the currency
    /// @param targetUnits Fewer units than this at the end, and every commitment is paid back
    /// @param hardCapUnits Most units that can be committed; at most the project's cap
    /// @param maxFiatUnits Most of them on a payment attestor's word: bounds what a stolen key can do
    /// @param maxUnitsPerInvestor Most of one person or organisation, whatever its addresses; 0 means no limit
    /// @param coolingOffSeconds How long every commitment can be cancelled
    /// @param unlockDays Lock-up in days from the day of the mint; 0 means none
    struct SaleTerms {
        address currency;
        uint96 pricePerUnit;
        uint56 targetUnits;
        uint56 hardCapUnits;
        uint56 maxFiatUnits;
        uint56 maxUnitsPerInvestor;
        uint16 unlockDays;
        uint40 opensAt;
        uint40 closesAt;
        uint40 coolingOffSeconds;
    }

    /// @notice A sale in one answer; all zero when there is none.
    /// @param treasury The only address that proceeds can go to
    /// @param closesAt Earlier than in the terms while an early close is announced
    /// @param finalizableAt When {finalize} becomes possible, as things stand
    /// @param openUnits Units of open commitments, `openFiatUnits` of them paid elsewhere
    /// @param investors Persons or organisations with commitments that are open or settled
    /// @param escrow Money of open commitments
    /// @param proceeds Money of settled commitments that the treasury hasn't got yet
    struct Sale {
        SaleState state;
        address treasury;
        uint40 closesAt;
        uint40 finalizableAt;
        uint40 finalizedAt;
        uint56 openUnits;
        uint56 openFiatUnits;
        uint56 settledUnits;
        uint32 investors;
        uint256 escrow;
        uint256 proceeds;
        SaleTerms terms;
    }

    /// @notice A commitment in one answer; all zero when there is none.
    /// @param amount What was paid here; 0 for fiat
    /// @param cancellableUntil The buyer may cancel before this second; an early close brings it forward
    struct Commitment {
        CommitmentState state;
        Method method;
        uint24 projectId;
        address buyer;
        uint56 units;
        uint256 amount;
        uint40 committedAt;
        uint40 cancellableUntil;
    }
}
