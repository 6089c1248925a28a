// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ITerraLuminaOwnership} from "./ITerraLuminaOwnership.sol";
import {ITerraLuminaSale} from "./ITerraLuminaSale.sol";
import {Commitments} from "./sale/Commitments.sol";
import {Opening} from "./sale/Opening.sol";
import {SaleBook} from "./sale/SaleBook.sol";
import {Settlement} from "./sale/Settlement.sol";

/// @title All-or-nothing sales of units. No unit exists before success; nobody can hold back a refund.
/// @dev Needs the ledger's role `Sale`. Losing it stops openings and settlements; refunds go on.
contract TerraLuminaSale is Opening, Commitments, Settlement {
    /// @param authority Access manager that says who may open a sale, bring its close forward and give it up
    /// @param forwarder ERC-2771 forwarder that buyers' calls may come through; fixed
    /// @param ledger_ Must give this contract its role Sale; fixed
    /// @param minOpenSeconds_ See {ITerraLuminaSale-minOpenSeconds}; 21 days in production
    constructor(address authority, address forwarder, ITerraLuminaOwnership ledger_, uint40 minOpenSeconds_)
        SaleBook(authority, forwarder, ledger_)
        Opening(minOpenSeconds_)
        EIP712("TerraLuminaSale", "1")
    {}

    /// @inheritdoc ITerraLuminaSale
    function saleOf(uint256 projectId) external view returns (Sale memory) {
        SaleRecord storage sale = _sales[projectId];
        return Sale({
            state: sale.state,
            treasury: sale.treasury,
            closesAt: sale.closesAt,
            finalizableAt: _finalizableAt(sale),
            finalizedAt: sale.finalizedAt,
            openUnits: sale.openUnits,
            openFiatUnits: sale.openFiatUnits,
            settledUnits: sale.settledUnits,
            investors: sale.investors,
            escrow: sale.escrow,
            proceeds: sale.proceeds,
            terms: sale.terms
        });
    }

    /// @inheritdoc ITerraLuminaSale
    function commitmentOf(bytes32 investmentId) external view returns (Commitment memory view_) {
        CommitmentRecord storage commitment = _commitments[investmentId];
        if (commitment.state == CommitmentState.None) return view_;
        SaleRecord storage sale = _sales[commitment.projectId];
        return Commitment({
            state: commitment.state,
            method: commitment.method,
            projectId: commitment.projectId,
            buyer: commitment.buyer,
            units: commitment.units,
            amount: _amountOf(sale, commitment),
            committedAt: commitment.committedAt,
            cancellableUntil: _cancellableUntil(sale, commitment)
        });
    }

    /// @inheritdoc ITerraLuminaSale
    function committedUnitsOf(uint256 projectId, address account) external view returns (uint256) {
        return _unitsOf[projectId][_investorOf(account)];
    }
}
